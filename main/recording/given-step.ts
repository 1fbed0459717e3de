import type { GivenStep } from '../contract/recording.ts';
import type { FileSweep, RecordingFile } from './recording-file.ts';
import { responseProblem, stimulusProblem } from './sweep-reader.ts';

/** A file whose current-clamp sweeps without a stimulus of their own get a step, which grows electrode by electrode; all others keep theirs. */
export function withGivenStep(file: RecordingFile, step: GivenStep | null): RecordingFile {
  if (!step) return file;
  const amplitudes = new Map<string, number>();
  const given = new Map<string | null, number>();
  const sweeps = file.sweeps.map((sweep): FileSweep => {
    if (responseProblem(sweep) !== null || stimulusProblem(sweep) === null) return sweep;
    const path = `given step, sweep ${sweep.sweep}`;
    const { electrode } = sweep.response;
    const before = given.get(electrode) ?? 0;
    given.set(electrode, before + 1);
    amplitudes.set(path, step.amplitudePa + step.incrementPa * before);
    const series = {
      ...sweep.response,
      path,
      name: 'given step',
      samples: sweep.count,
      quantity: 'current' as const,
      scale: 1,
      shift: 0,
    };
    return { ...sweep, stimulus: { series, start: 0 } };
  });
  return {
    ...file,
    sweeps,
    samples: (series, start, count) => {
      const amplitude = amplitudes.get(series.path);
      if (amplitude === undefined) return file.samples(series, start, count);
      const sampleAt = (ms: number) => Math.max(0, Math.round((ms * series.rateHz) / 1000) - start);
      return new Float32Array(count).fill(amplitude, sampleAt(step.startMs), sampleAt(step.endMs));
    },
  };
}
