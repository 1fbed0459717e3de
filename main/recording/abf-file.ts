import { AbfBytes } from './abf-bytes.ts';
import { abfElectrodes, leftOut, type AbfElectrode, type FollowsCommand } from './abf-electrodes.ts';
import type { AbfHeader } from './abf-header.ts';
import { abfNotes } from './abf-notes.ts';
import { AbfSamples } from './abf-samples.ts';
import { AbfSeries } from './abf-series.ts';
import { readAbf1Header } from './abf1-header.ts';
import { readAbf2Header } from './abf2-header.ts';
import type { FileSweep, RecordingFile } from './recording-file.ts';

/** In voltage clamp the recorded voltage is the command; what is left of it is smaller than this share of the command's spread. */
const FOLLOWS_WITHIN = 0.2;

/** Is this an ABF file, of version 1 or 2? Told by its first four bytes. */
export function isAbf(path: string): boolean {
  const bytes = new AbfBytes(path);
  try {
    return signature(bytes) !== null;
  } finally {
    bytes.close();
  }
}

/** @throws AppError `file-unreadable` */
export function openAbf(path: string): RecordingFile {
  const bytes = new AbfBytes(path);
  try {
    const header = readAbfHeader(bytes);
    const series = new AbfSeries(header, new AbfSamples(bytes, header));
    const electrodes = abfElectrodes(header, followsCommand(header, series));
    return {
      path,
      format: header.format,
      ...(header.protocol === '' ? {} : { protocol: header.protocol }),
      sweeps: electrodes.flatMap((electrode, e) =>
        header.sweeps.map((_, sweep): FileSweep => {
          const number = e * header.sweeps.length + sweep;
          const { name } = electrode.channel;
          const shown = electrodes.length === 1 ? `Sweep ${sweep}` : `${name} ${sweep}`;
          return { ...pairOf(series, electrode, sweep), sweep: number, name: shown, mode: electrode.mode };
        }),
      ),
      notes: abfNotes(header, leftOut(header, electrodes)),
      samples: (one, start, count) => series.read(one, start, count),
      close: () => bytes.close(),
    };
  } catch (thrown) {
    bytes.close();
    throw thrown;
  }
}

/** @throws AppError `file-unreadable` where the header contradicts itself */
export function readAbfHeader(bytes: AbfBytes): AbfHeader {
  const header = signature(bytes) === 'ABF2' ? readAbf2Header(bytes) : readAbf1Header(bytes);
  const damaged = (reason: string) => bytes.fault(`is damaged: ${reason}`);
  if (!(header.rateHz > 0 && Number.isFinite(header.rateHz)))
    throw damaged('its sampling interval is not a time');
  const lost = header.mode === 'events' && header.sweeps.some(({ startS }) => startS === null);
  if (lost && header.sweeps.length > 1) throw damaged('the lengths of its events are lost');
  const empty = header.sweeps.find(({ samples }) => !(samples > 0));
  if (empty) throw damaged('it holds no samples, or less than one a sweep');
  return header;
}

function signature(bytes: AbfBytes): 'ABF1' | 'ABF2' | null {
  if (bytes.size < 4) return null;
  const word = bytes.piece(0, 4, 'the signature').getUint32(0, false);
  return word === 0x41424632 ? 'ABF2' : word === 0x41424620 ? 'ABF1' : null;
}

function pairOf(
  series: AbfSeries,
  { channel, mode, stimulus }: AbfElectrode,
  sweep: number,
): Pick<FileSweep, 'response' | 'start' | 'count' | 'stimulus'> {
  const response = series.input(channel, sweep, mode);
  const applied =
    stimulus &&
    ('measured' in stimulus
      ? series.input(stimulus.measured, sweep, mode)
      : series.output(stimulus.output, sweep, mode));
  return { response, start: 0, count: response.samples, stimulus: applied && { series: applied, start: 0 } };
}

/** Judged on the last sweep, where a protocol in steps is largest. */
function followsCommand({ sweeps }: AbfHeader, series: AbfSeries): FollowsCommand {
  return (channel, output) => {
    const last = sweeps.length - 1;
    const asked = series.output(output, last, 'voltage-clamp');
    const got = series.input(channel, last, 'voltage-clamp');
    if (!output.enabled || asked.problem !== null || got.problem !== null) return false;
    const command = series.read(asked, 0, asked.samples);
    const spread = spreadOf(command);
    if (spread === 0) return false;
    const voltage = series.read(got, 0, got.samples);
    return spreadOf(voltage.map((mv, i) => mv - command[i]!)) < FOLLOWS_WITHIN * spread;
  };
}

/** The standard deviation. */
function spreadOf(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
