import type { SweepSummary } from '../contract/recording.ts';
import { abfCommand } from './abf-command.ts';
import type { AbfChannel, AbfHeader, AbfOutput } from './abf-header.ts';
import type { AbfSamples } from './abf-samples.ts';
import type { Series } from './series.ts';
import { tidyRate } from './time-base.ts';
import { unitMeaning } from './units.ts';

type Mode = SweepSummary['mode'];
/** Samples in the unit that the file states. */
type Source = (start: number, count: number) => Float32Array;

/** Inputs and outputs of an ABF file, sweep by sweep, as series that can be read. */
export class AbfSeries {
  readonly #header: AbfHeader;
  readonly #samples: AbfSamples;
  readonly #sources = new Map<string, Source>();

  constructor(header: AbfHeader, samples: AbfSamples) {
    this.#header = header;
    this.#samples = samples;
  }

  /** What an input recorded during one sweep. */
  input(channel: AbfChannel, sweep: number, mode: Mode): Series {
    const place = this.#header.sweeps[sweep]!;
    const series = this.#series(
      `input ${channel.number} (${channel.name})`,
      channel,
      sweep,
      mode,
      (start, count) => this.#samples.read(channel, place, start, count),
    );
    const isScaled = Number.isFinite(channel.scale) && Number.isFinite(channel.offset);
    const problem = series.problem ?? (isScaled ? null : `the gain of ${channel.name} is not a number`);
    const tenfoldVm = series.quantity === 'current' ? (channel.voltsPerUnit * 100) / series.scale : null;
    return { ...series, problem, tenfoldVm };
  }

  /** What an output played during one sweep. */
  output(output: AbfOutput, sweep: number, mode: Mode): Series {
    const { samples } = this.#header.sweeps[sweep]!;
    const series = this.#series(
      `output ${output.number} (${output.name})`,
      output,
      sweep,
      mode,
      (start, count) =>
        output.enabled
          ? abfCommand(output, sweep, samples).subarray(start, start + count)
          : new Float32Array(count).fill(output.holding),
    );
    return { ...series, problem: output.problem ?? series.problem };
  }

  /** Samples start … start+count−1 in mV or pA. */
  read({ path, scale, shift }: Series, start: number, count: number): Float32Array {
    const source = this.#sources.get(path);
    if (source === undefined) throw new Error(`There is no series ${path}.`);
    return source(start, count).map((value) => value * scale + shift);
  }

  #series(
    place: string,
    { name, unit }: { name: string; unit: string },
    sweep: number,
    mode: Mode,
    source: Source,
  ): Series {
    const path = `${place}, sweep ${sweep}`;
    this.#sources.set(path, source);
    const meaning = unitMeaning(unit);
    const own = this.#header.sweeps[sweep]!;
    const problem = !this.#samples.isComplete(own)
      ? 'its samples lie beyond the end of the file, which is truncated'
      : meaning === null
        ? `the unit “${unit}” of ${name} is neither a voltage nor a current`
        : null;
    return {
      path,
      target: path,
      name,
      mode,
      samples: own.samples,
      rateHz: tidyRate(this.#header.rateHz),
      startS: own.startS,
      sweepNumber: sweep,
      electrode: name,
      quantity: meaning?.quantity ?? null,
      scale: meaning?.toInternal ?? Number.NaN,
      shift: 0,
      tenfoldVm: null,
      problem,
    };
  }
}
