import type { SweepSummary, TraceMapping, Warning } from '../contract/recording.ts';
import type { SweepPair } from './pairing.ts';
import type { Series } from './series.ts';

/** A sweep of an opened file: where its samples are and what is known without reading them. */
export interface FileSweep extends SweepPair {
  sweep: number;
  name: string;
  mode: SweepSummary['mode'];
}

/** Reads what a file holds; every fault names the file and the place in it. */
export interface SampleReader {
  readonly path: string;
  /** Samples start … start+count−1 of a series in mV or pA. NaN samples stay NaN. */
  samples(series: Series, start: number, count: number): Float32Array;
}

/** An opened file of any format. */
export interface RecordingFile extends SampleReader {
  /** The format and its version: «NWB 2.7.0», «ABF 2.6». */
  readonly format: string;
  /** The acquisition program's name for what was done; absent where the file does not say. */
  readonly protocol?: string;
  /** Of a file of columns: what they were read as. */
  readonly mapping?: TraceMapping;
  readonly sweeps: readonly FileSweep[];
  /** What should be known of the file as a whole. */
  readonly notes: readonly Warning[];
  close(): void;
}
