import { describe, expect, it } from 'vitest';
import type { TraceView } from '../../../main/contract/recording.ts';
import { printColours } from '../../../main/figures/figure.ts';
import { figureSvg } from '../../../main/figures/figure-svg.ts';
import { recordingFigure } from '../../../main/figures/recording-figure.ts';
import { RecordingPen } from '../../../main/figures/recording-pen.ts';

const timeMs = Float32Array.of(0, 1, 2, 3);
const voltage = Float32Array.of(-70, -60, 20, -65);
const view: TraceView = {
  ...{ sweep: 4, timeMs, voltageMinMv: voltage, voltageMaxMv: voltage },
  ...{ currentMinPa: new Float32Array(0), currentMaxPa: new Float32Array(0) },
};
const series = [{ colour: '#000000', width: 1, timeMs, min: voltage, max: voltage }];
const figure = (bars: boolean, values: [number, number] = [-80, 40], amplitudes: number[] = []) =>
  recordingFigure({
    ...{ name: 'cell', time: [1, 2], bars, amplitudes, views: [view] },
    panes: () => [{ title: 'Membrane potential (mV)', unit: 'mV', series, values, grow: 1 }],
  });
function svg(bars: boolean, values?: [number, number], amplitudes?: number[]): string {
  const { draw, width, height, title } = figure(bars, values, amplitudes);
  const pen = new RecordingPen((text) => 6 * text.length);
  draw(printColours)(pen, width, height);
  return figureSvg(pen.marks, width, height, title);
}

describe('the figure of a recording', () => {
  it('has the window in time and voltage that is seen, with axes in words', () => {
    const whole = svg(false);
    expect(whole).toContain('Membrane potential (mV)');
    expect(whole).toContain('Time (ms)');
    expect(whole).toContain('−50');
    const close = svg(false, [-66, -58]);
    expect(close).toContain('−60');
    expect(close).not.toContain('−50');
  });

  it('has scale bars in place of axes where these are seen', () => {
    expect(svg(true)).not.toContain('Time (ms)');
    expect(svg(true)).toContain('mV');
  });

  it('says which amplitudes the colours of the sweeps stand for, where there are several', () => {
    const several = svg(false, undefined, [-100, -10, 250]);
    expect(several).toContain('−100');
    expect(several).toMatch(/250\spA/);
    expect(svg(false, undefined, [250])).not.toContain('pA');
  });

  it('gives the numbers inside the window, an empty cell where no current was recorded', () => {
    expect(figure(false).csv()).toBe(
      'sweep,timeMs,voltageMinMv,voltageMaxMv,currentMinPa,currentMaxPa\n4,1,-60,-60,,\n4,2,20,20,,\n',
    );
  });
});
