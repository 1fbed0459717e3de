import type { ChartDataset } from 'chart.js';
import type { Attachment } from 'svelte/attachments';
import { type LossPoint, lossRange } from '../../main/figures/loss-range.ts';
import type { LossWords } from '../../main/figures/loss-words.ts';
import { significant } from '../../main/figures/number.ts';
import { axis, baseOptions, Chart } from './chart.ts';
import type { Colours } from '../../main/figures/colours.ts';
import { paintQueue } from './paint-queue.ts';

export interface LossChartInput {
  points: readonly LossPoint[];
  /** [points] where each stands on the axis. */
  positions: readonly number[];
  step: 'epoch' | 'round';
  words: LossWords;
  colours: Colours;
}

/**
 * The loss of training and of the held-out simulations, epoch after epoch, or the objectives of a search, generation after
 * generation; a break where a new round begins.
 */
export function lossChart(input: () => LossChartInput): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    let chart: Chart<'line', { x: number; y: number }[]> | null = null;
    const paint = ({ points, positions, step, words, colours }: LossChartInput) => {
      chart ??= new Chart(canvas, { type: 'line', data: { datasets: [] }, options: baseOptions() });
      const { full, dashed } = words;
      const values = (name: 'loss' | 'validationLoss') =>
        line(points, positions, step === 'epoch', (point) => point[name] ?? NaN);
      chart.data.datasets = [
        dataset(full.label, values(full.value), colours.model, [], points.length),
        dataset(dashed.label, values(dashed.value), colours.prior, [4, 3], points.length),
      ];
      const [low, high] = lossRange(points);
      chart.options = {
        ...baseOptions(),
        events: ['mousemove', 'mouseout'],
        interaction: { mode: 'index', intersect: false },
        scales: {
          x: axis(
            {
              title: step === 'round' ? 'Round' : `${sentenceCase(words.step)}, all rounds`,
              low: 1,
              high: Math.max(2, positions.at(-1) ?? 2),
              most: step === 'round' ? Math.min(points.length, 10) : 8,
              labelled: true,
            },
            colours,
            'x',
          ),
          y: axis({ title: words.title, low, high, most: 5, labelled: true }, colours, 'y'),
        },
        plugins: {
          legend: {
            position: 'top',
            align: 'end',
            reverse: true,
            labels: { color: colours.secondary, boxWidth: 20, boxHeight: 0, padding: 8 },
          },
          tooltip: {
            animation: false,
            displayColors: false,
            backgroundColor: colours.ground,
            borderColor: colours.line,
            borderWidth: 1,
            titleColor: colours.secondary,
            bodyColor: colours.ink,
            titleFont: { weight: 'normal' },
            callbacks: {
              title: ([item]) =>
                pointTitle(
                  points[positions.indexOf(item?.parsed.x ?? -1)],
                  step === 'round' ? null : words.step,
                ),
              label: (item) => `${item.dataset.label}: ${significant(item.parsed.y ?? NaN, 4)}`,
            },
          },
        },
      };
      chart.update('none');
    };
    $effect(() => {
      const wanted = input();
      paintQueue.ask(canvas, () => paint(wanted));
    });
    return () => {
      paintQueue.forget(canvas);
      chart?.destroy();
    };
  };
}

/** A line that breaks where a new round begins: its loss is measured on other simulations. */
function line(
  points: readonly LossPoint[],
  positions: readonly number[],
  broken: boolean,
  read: (point: LossPoint) => number,
): { x: number; y: number }[] {
  return points.flatMap((point, i) => {
    const x = positions[i] ?? i + 1;
    const before = points[i - 1];
    const breaks = broken && before !== undefined && before.round !== point.round;
    return breaks
      ? [
          { x, y: NaN },
          { x, y: read(point) },
        ]
      : [{ x, y: read(point) }];
  });
}

function dataset(
  label: string,
  data: { x: number; y: number }[],
  colour: string,
  dash: number[],
  n: number,
): ChartDataset<'line', { x: number; y: number }[]> {
  return {
    label,
    data,
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: 1.5,
    borderDash: dash,
    pointRadius: n <= 10 ? 2 : 0,
    tension: 0,
  };
}

/** @param step what is counted within a round; null = the point is a round's last */
function pointTitle(point: LossPoint | undefined, step: string | null): string {
  if (point === undefined) return '';
  return step === null ? `round ${point.round}` : `round ${point.round}, ${step} ${point.epoch}`;
}

function sentenceCase(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
