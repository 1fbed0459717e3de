import type { PredictiveView } from '../../main/contract/posterior.ts';
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
  const voltages = [
    [view.observedMinMv, view.observedMaxMv] as const,
    ...view.draws.map((draw) => [draw.minMv, draw.maxMv] as const),
  ];
  const line = (min: Float32Array, max: Float32Array) => ({ timeMs: view.timeMs, min, max });
  return [
    {
      title: 'Membrane potential (mV)',
      unit: 'mV',
      fit: padded(extent(voltages) ?? [-100, 50]),
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
