import { abfText, type AbfBytes } from './abf-bytes.ts';
import {
  abfMode,
  epochKinds,
  layOutSweeps,
  outputProblem,
  protocolName,
  telegraphedMode,
  variesCommand,
  type AbfChannel,
  type AbfEpoch,
  type AbfHeader,
  type AbfOutput,
} from './abf-header.ts';

/** Sections begin at multiples of this many bytes. */
const BLOCK = 512;
/**
 * Where the first block names the place of each section (block as uint32, bytes per entry as uint32, entries as int64), and the
 * bytes of an entry that are read here; a shorter entry is of another layout.
 */
const SECTIONS = {
  protocol: { at: 76, smallest: 126 },
  inputs: { at: 92, smallest: 82 },
  outputs: { at: 108, smallest: 122 },
  epochs: { at: 156, smallest: 30 },
  userLists: { at: 172, smallest: 12 },
  strings: { at: 220, smallest: 0 },
  data: { at: 236, smallest: 2 },
  tags: { at: 252, smallest: 60 },
  synch: { at: 316, smallest: 8 },
};
/** The string section begins with a header of its own. */
const STRING_HEADER = 44;
/** At one a second they would last a day. */
const MOST_SWEEPS = 100_000;

type Text = (view: DataView, at: number) => string;

/**
 * The header of ABF 2 (pClamp 10 and later). Layout and meaning: Axon Binary File Format 2 as Molecular Devices' header
 * files publish it (ABFFILES, structures ABF_FileInfo, ABF_ProtocolInfo, ABF_ADCInfo, ABF_DACInfo, ABF_EpochInfoPerDAC).
 */
export function readAbf2Header(bytes: AbfBytes): AbfHeader {
  const first = bytes.piece(0, BLOCK, 'the header');
  const section = (name: keyof typeof SECTIONS) => {
    const { at, smallest } = SECTIONS[name];
    const found = {
      offset: first.getUint32(at, true) * BLOCK,
      size: first.getUint32(at + 4, true),
      count: Number(first.getBigInt64(at + 8, true)),
    };
    if (found.count > 0 && found.size < smallest)
      throw bytes.fault(`is damaged: an entry of its section “${name}” has only ${found.size} bytes`);
    return found;
  };
  const place = (name: keyof typeof SECTIONS) => {
    const { offset, size, count } = section(name);
    return [offset, size, count, `its section “${name}”`] as const;
  };
  const entries = (name: keyof typeof SECTIONS) => bytes.entries(...place(name));

  const protocol = entries('protocol')[0];
  const inputs = entries('inputs');
  if (!protocol || inputs.length === 0) throw bytes.fault('is damaged: it states no recorded channel');
  const modeCode = protocol.getInt16(0, true);
  const mode = abfMode(modeCode);
  if (mode === null) throw bytes.fault(`is damaged: its operation mode is ${modeCode}`);
  const episodes = first.getUint32(12, true);
  if (episodes > MOST_SWEEPS) throw bytes.fault(`is damaged: it claims ${episodes} sweeps`);
  const kind = first.getInt16(30, true) === 0 ? 'int16' : 'float32';
  const data = section('data');
  if (data.count > 0 && data.size !== (kind === 'int16' ? 2 : 4))
    throw bytes.fault(`is damaged: its samples have ${data.size} bytes`);

  const strings = readStrings(bytes, section('strings'));
  const text: Text = (view, at) => strings[view.getInt32(at, true) - 1] ?? '';
  const interval = protocol.getFloat32(2, true); // µs between two samples of a channel
  const synchUnitS = (protocol.getFloat32(14, true) || interval / inputs.length) / 1e6;
  const perCount = protocol.getFloat32(110, true) / protocol.getInt32(118, true);
  const epochs = Map.groupBy(entries('epochs'), (entry) => entry.getInt16(2, true));
  const listed = new Set(
    entries('userLists')
      .filter((entry) => entry.getInt16(2, true) !== 0 && variesCommand(entry.getInt16(4, true)))
      .map((entry) => entry.getInt16(0, true)),
  );
  const alternating = protocol.byteLength >= 184 && protocol.getInt16(182, true) !== 0;
  const synch = bytes.entriesAtEnd(...place('synch')).map((entry) => ({
    startS: entry.getInt32(0, true) * synchUnitS,
    length: entry.getInt32(4, true),
  }));
  return {
    format: `ABF ${first.getUint8(7)}.${first.getUint8(6)}`,
    protocol: protocolName(text(first, 72)),
    mode,
    sweeps: layOutSweeps(mode, { episodes, samples: data.count, channels: inputs.length }, synch),
    rateHz: 1e6 / interval,
    channels: inputs.map((entry) => channelOf(entry, perCount, text)),
    outputs: entries('outputs').map((entry) => {
      const number = entry.getInt16(0, true);
      const own = (epochs.get(number) ?? []).toSorted((a, b) => a.getInt16(0, true) - b.getInt16(0, true));
      const output = outputOf(entry, own.map(epochOf), { userList: listed.has(number), alternating }, text);
      return mode === 'episodes' ? output : { ...output, enabled: false, problem: null };
    }),
    data: { offset: data.offset, kind },
    tags: bytes.entriesAtEnd(...place('tags')).map((entry) => ({
      timeS: entry.getInt32(0, true) * synchUnitS,
      comment: abfText(entry, 4, 56),
    })),
  };
}

/** The names and units that the other sections refer to by their number, counted from 1. */
function readStrings(
  bytes: AbfBytes,
  { offset, size, count }: { offset: number; size: number; count: number },
): string[] {
  if (count === 0 || size <= STRING_HEADER) return [];
  const [view] = bytes.entries(offset, size, 1, 'its section “strings”');
  const strings: string[] = [];
  for (let at = STRING_HEADER; at < size && strings.length < count;) {
    let end = at;
    while (end < size && view!.getUint8(end) !== 0) end++;
    strings.push(abfText(view!, at, end - at));
    at = end + 1;
  }
  return strings;
}

function channelOf(entry: DataView, perCount: number, text: Text): AbfChannel {
  const telegraph = entry.getInt16(2, true) === 1;
  const voltsPerUnit = entry.getFloat32(40, true);
  const gain =
    entry.getFloat32(48, true) * entry.getFloat32(28, true) * (telegraph ? entry.getFloat32(6, true) : 1);
  return {
    number: entry.getInt16(0, true),
    name: text(entry, 74),
    unit: text(entry, 78),
    scale: perCount / (voltsPerUnit * gain),
    offset: entry.getFloat32(44, true) - entry.getFloat32(52, true),
    voltsPerUnit,
    telegraphed: telegraph ? telegraphedMode(entry.getInt16(4, true), entry.getInt16(18, true)) : null,
  };
}

function outputOf(
  entry: DataView,
  all: readonly AbfEpoch[],
  varied: { userList: boolean; alternating: boolean },
  text: Text,
): AbfOutput {
  const name = text(entry, 24);
  const source = entry.getInt16(42, true);
  const enabled = entry.getInt16(40, true) !== 0 && source !== 0;
  const epochs = all.filter(({ kind }) => kind !== 'off');
  return {
    number: entry.getInt16(0, true),
    name,
    unit: text(entry, 28),
    holding: entry.getFloat32(12, true),
    enabled,
    epochs,
    keepsLastLevel: entry.getInt16(44, true) !== 0,
    problem: enabled ? outputProblem({ name, source, file: text(entry, 118), ...varied, epochs }) : null,
  };
}

function epochOf(entry: DataView): AbfEpoch {
  return {
    kind: epochKinds[entry.getInt16(4, true)] ?? 'unknown',
    level: entry.getFloat32(6, true),
    levelStep: entry.getFloat32(10, true),
    duration: entry.getInt32(14, true),
    durationStep: entry.getInt32(18, true),
    period: entry.getInt32(22, true),
    width: entry.getInt32(26, true),
  };
}
