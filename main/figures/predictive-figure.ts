import type { PredictiveView } from '../contract/posterior.ts';
import { type Colours, withAlpha } from './colours.ts';
import { extent } from './decimated.ts';
import type { Figure } from './figure.ts';
import { type Interval, padded } from './plot-window.ts';
import { traceFigure } from './trace-figure.ts';
import type { Series } from './trace-lines.ts';

/** A pane of TracePlot. */
interface Pane {
  title: string;
  unit: string;
  series: readonly Series[];
  fit: Interval;
  grow: number;
}

/** The recording on top in full ink, draws below it thin, the MAP thick; beneath, the current. */
export function predictivePanes(view: PredictiveView, colours: Colours): Pane[] {
  const [map, ...others] = view.draws;
  const line = (min: Float32Array, max: Float32Array) => ({ timeMs: view.timeMs, min, max });
  return [
    {
      title: 'Membrane potential (mV)',
      unit: 'mV',
      fit: padded(voltageRange(view)),
      grow: 3,
      series: [
        ...others.map((draw) => ({
          colour: withAlpha(colours.model, 0.3),
          width: 0.75,
          behind: true,
          ...line(draw.minMv, draw.maxMv),
        })),
        ...(map === undefined ? [] : [{ colour: colours.model, width: 2, ...line(map.minMv, map.maxMv) }]),
        { colour: colours.data, width: 1, ...line(view.observedMinMv, view.observedMaxMv) },
      ],
    },
    {
      title: 'Current\n(µA/cm²)',
      unit: 'µA/cm²',
      fit: padded(extent([[view.currentDensity, view.currentDensity]]) ?? [-1, 1], 0.12),
      grow: 1.75,
      series: [{ colour: colours.data, width: 1.25, ...line(view.currentDensity, view.currentDensity) }],
    },
  ];
}

/** Draws may lead this far beyond the recording, mV; one that runs away is cut there, so that it does not flatten all others. */
const beyondRecordedMv = 60;

function voltageRange(view: PredictiveView): Interval {
  const drawn = extent(view.draws.map(({ minMv, maxMv }) => [minMv, maxMv] as const));
  const recorded = extent([[view.observedMinMv, view.observedMaxMv]]);
  if (recorded === null || drawn === null) return recorded ?? drawn ?? [-100, 50];
  return [
    Math.min(recorded[0], Math.max(drawn[0], recorded[0] - beyondRecordedMv)),
    Math.max(recorded[1], Math.min(drawn[1], recorded[1] + beyondRecordedMv)),
  ];
}

/** As it is seen: the part of time that is looked at. */
export function predictiveFigure(view: PredictiveView, time: Interval): Figure {
  const columns = [
    { name: 'timeMs', values: view.timeMs },
    { name: 'currentDensityUAPerCm2', values: view.currentDensity },
    { name: 'recordedMinMv', values: view.observedMinMv },
    { name: 'recordedMaxMv', values: view.observedMaxMv },
    ...view.draws.flatMap(({ minMv, maxMv }, i) => [
      { name: i === 0 ? 'mapMinMv' : `draw${i}MinMv`, values: minMv },
      { name: i === 0 ? 'mapMaxMv' : `draw${i}MaxMv`, values: maxMv },
    ]),
  ];
  return traceFigure({
    name: `predicted-traces-round-${view.round}`,
    title: 'Predicted traces under the recording',
    panes: (colours) =>
      predictivePanes(view, colours).map(({ title, series, fit, grow }) => ({
        ...{ title, series, grow },
        range: fit,
      })),
    time,
    columns,
  });
}
