/** What the headers of ABF 1 and ABF 2 say alike, in the words of neither. */
export interface AbfHeader {
  /** «ABF 2.6» */
  format: string;
  /** The protocol's file name without folder and ending; empty where it had none. */
  protocol: string;
  mode: AbfMode;
  sweeps: AbfSweep[];
  /** Of one channel, in Hz. */
  rateHz: number;
  /** In the order in which they take turns in the data. */
  channels: AbfChannel[];
  outputs: AbfOutput[];
  data: {
    /** Bytes from the file's beginning. */
    offset: number;
    kind: 'int16' | 'float32';
  };
  tags: AbfTag[];
}

/** Waveforms are played in episodes alone; in the other modes the outputs hold. */
export type AbfMode = 'events' | 'gap-free' | 'oscilloscope' | 'episodes';

export interface AbfSweep {
  /** Where its samples begin, in samples of all channels together. */
  first: number;
  /** Of one channel. */
  samples: number;
  /** Seconds from the recording's start; null where the file does not say. */
  startS: number | null;
}

/** An analogue input. */
export interface AbfChannel {
  /** Number of the digitiser's input. */
  number: number;
  name: string;
  unit: string;
  /** value in `unit` = stored·scale + offset; floats are stored in `unit`. */
  scale: number;
  offset: number;
  /** Volts at the digitiser per `unit`, before any telegraphed gain. */
  voltsPerUnit: number;
  /** What a MultiClamp amplifier telegraphed it was doing; null where it did not. */
  telegraphed: 'voltage-clamp' | 'current-clamp' | 'i-zero' | null;
}

/** An analogue output. */
export interface AbfOutput {
  number: number;
  name: string;
  unit: string;
  /** In `unit`. */
  holding: number;
  /** Does it play a waveform? Otherwise it holds. */
  enabled: boolean;
  /** Without those that are switched off. */
  epochs: AbfEpoch[];
  /** Between sweeps it stays at the last epoch's level, and does not return to holding. */
  keepsLastLevel: boolean;
  /** Why its waveform cannot be rebuilt from the header; null when it can. */
  problem: string | null;
}

/** One row of the epoch table; level and duration grow by their steps from sweep to sweep. */
export interface AbfEpoch {
  kind: EpochKind;
  /** In the output's unit. */
  level: number;
  levelStep: number;
  /** Samples of one channel. */
  duration: number;
  durationStep: number;
  /** Of trains and waves, in samples. */
  period: number;
  width: number;
}

export const epochKinds = [
  'off',
  'step',
  'ramp',
  'pulses',
  'triangles',
  'cosines',
  'resistance',
  'biphasic',
] as const;
export type EpochKind = (typeof epochKinds)[number] | 'unknown';

export interface AbfTag {
  /** From the recording's start. */
  timeS: number;
  comment: string;
}

/** nOperationMode of both versions. */
export function abfMode(code: number): AbfMode | null {
  const modes: Record<number, AbfMode> = {
    1: 'events', // each as long as it lasted
    2: 'oscilloscope', // events of one length
    3: 'gap-free',
    4: 'oscilloscope', // at high speed
    5: 'episodes',
  };
  return modes[code] ?? null;
}

/** nTelegraphMode as the MultiClamp 700 reports it; other amplifiers use the number otherwise. */
export function telegraphedMode(instrument: number, mode: number): AbfChannel['telegraphed'] {
  const multiClamp = 24;
  if (instrument !== multiClamp) return null;
  return (['voltage-clamp', 'current-clamp', 'i-zero'] as const)[mode] ?? null;
}

/** «C:\Params\steps 50 pA.pro» → «steps 50 pA» */
export function protocolName(path: string): string {
  const file = path.split(/[\\/]/).at(-1)!;
  return /\.pro$/i.test(file) ? file.slice(0, -4) : '';
}

/**
 * Where the sweeps lie: one after the other, of equal length unless the synchronisation table tells lengths that differ.
 *
 * @param counts `episodes` may be 0 where there is one sweep; `samples` of all channels together
 * @param table start and length (in samples of all channels together) of each sweep; empty where the file has none
 */
export function layOutSweeps(
  mode: AbfMode,
  counts: { episodes: number; samples: number; channels: number },
  table: readonly { startS: number; length: number }[],
): AbfSweep[] {
  const count = mode === 'gap-free' ? 1 : Math.max(1, counts.episodes);
  const equal = Math.floor(counts.samples / counts.channels / count);
  const lengths = table.slice(0, count).map(({ length }) => length);
  const varies = lengths.length === count && lengths.some((length) => length !== lengths[0]);
  let first = 0;
  return Array.from({ length: count }, (_, i): AbfSweep => {
    const stated = varies ? Math.floor(lengths[i]! / counts.channels) : equal;
    // Lengths that claim more than there is would reach into what lies behind the samples.
    const left = Math.max(0, Math.floor((counts.samples - first) / counts.channels));
    const samples = Math.min(stated, left);
    const sweep = { first, samples, startS: table[i]?.startS ?? null };
    first += samples * counts.channels;
    return sweep;
  });
}

/**
 * Does a user list of this nULParamToVary change what is played during a sweep? The others change the conditioning train before
 * it (0–6), the time between sweeps (7), the digital outputs (9) or leak subtraction (10). Source: ABFHEADR.H, ABF_CONDITNUMPULSES …
 */
export function variesCommand(parameter: number): boolean {
  return parameter === 8 || parameter > 10;
}

/** Why an output plays what the epoch table does not say; null when it plays the table. */
export function outputProblem(output: {
  name: string;
  /** nWaveformSource: 1 the epoch table, 2 a file */
  source: number;
  file: string;
  userList: boolean;
  alternating: boolean;
  epochs: readonly AbfEpoch[];
}): string | null {
  const command = `the command ${output.name}`;
  if (output.source === 2) {
    const named = output.file === '' ? '' : `, ${output.file.split(/[\\/]/).at(-1)!},`;
    return `${command} was played from a stimulus file${named} that is not part of the recording`;
  }
  if (output.source !== 1) return `${command} came from a source (${output.source}) that is not known here`;
  if (output.userList) return `${command} was varied by a user list, which cannot be rebuilt here`;
  if (output.alternating) return `${command} alternated with another output, which cannot be rebuilt here`;
  const odd = output.epochs.find(({ kind }) => kind === 'resistance' || kind === 'unknown');
  return odd ? `${command} has an epoch of a kind that cannot be rebuilt here` : null;
}
