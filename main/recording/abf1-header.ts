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
  type AbfMode,
  type AbfOutput,
} from './abf-header.ts';

const BLOCK = 512;
/** The header of versions before 1.6, and of 1.6 to 1.8. */
const OLD_HEADER = 2048;
const NEW_HEADER = 6144;
const INPUTS = 16;
const OUTPUTS = 4;
const EPOCHS = 10;
/** Outputs that have an epoch table since 1.6. */
const WAVEFORMS = 2;
const TAG_BYTES = 64;
const SYNCH_BYTES = 8;
/** At one a second they would last a day. */
const MOST_SWEEPS = 100_000;

/**
 * The header of ABF 1 (Clampex 6 to 9): fields at fixed places. Source: Axon Instruments, ABF File Support Pack, structure
 * ABFFileHeader (header version 1.83, packed).
 */
export function readAbf1Header(bytes: AbfBytes): AbfHeader {
  const version = bytes.piece(0, OLD_HEADER, 'the header').getFloat32(4, true);
  const extended = version >= 1.595; // 1.6 as a 32-bit float
  const headerBytes = extended ? NEW_HEADER : OLD_HEADER;
  const view = bytes.piece(0, headerBytes, 'the header');
  const modeCode = view.getInt16(8, true);
  const mode = abfMode(modeCode);
  if (mode === null) throw bytes.fault(`is damaged: its operation mode is ${modeCode}`);
  const channels = view.getInt16(120, true);
  if (channels < 1 || channels > INPUTS) throw bytes.fault(`is damaged: it claims ${channels} channels`);
  const episodes = view.getInt32(16, true);
  if (episodes > MOST_SWEEPS) throw bytes.fault(`is damaged: it claims ${episodes} sweeps`);
  const dataAt = view.getInt32(40, true) * BLOCK;
  if (dataAt < headerBytes) throw bytes.fault('is damaged: its samples begin inside its header');
  const kind = view.getInt16(100, true) === 0 ? 'int16' : 'float32';
  const ignored = view.getInt16(14, true) * (kind === 'int16' ? 2 : 4);
  const interval = view.getFloat32(122, true); // µs between two samples, whatever their channels
  const synchUnitS = (view.getFloat32(130, true) || interval) / 1e6;
  const table = (blockAt: number, countAt: number, size: number, what: string) =>
    bytes.entriesAtEnd(view.getInt32(blockAt, true) * BLOCK, size, view.getInt32(countAt, true), what);
  const synch = table(92, 96, SYNCH_BYTES, 'the sweeps’ times').map((entry) => ({
    startS: entry.getInt32(0, true) * synchUnitS,
    length: entry.getInt32(4, true),
  }));
  return {
    format: `ABF ${version.toFixed(2).replace(/0$/, '')}`,
    protocol: extended ? protocolName(abfText(view, 4898, 256)) : '',
    mode,
    sweeps: layOutSweeps(mode, { episodes, samples: view.getInt32(10, true), channels }, synch),
    rateHz: 1e6 / (interval * channels),
    channels: Array.from({ length: channels }, (_, i) =>
      channelOf(view, view.getInt16(410 + 2 * i, true), extended, bytes),
    ),
    outputs: Array.from({ length: OUTPUTS }, (_, i) =>
      extended ? outputOf(view, i, mode) : oldOutputOf(view, i, mode),
    ),
    data: { offset: dataAt + ignored, kind },
    tags: table(44, 48, TAG_BYTES, 'its tags').map((entry) => ({
      timeS: entry.getInt32(0, true) * synchUnitS,
      comment: abfText(entry, 4, 56),
    })),
  };
}

/** Fields of an input stand at its number on the digitiser. */
function channelOf(view: DataView, number: number, extended: boolean, bytes: AbfBytes): AbfChannel {
  if (number < 0 || number >= INPUTS)
    throw bytes.fault(`is damaged: it claims to have recorded input ${number}`);
  const float = (at: number) => view.getFloat32(at + 4 * number, true);
  const short = (at: number) => view.getInt16(at + 2 * number, true);
  const telegraph = extended && short(4512) === 1;
  const voltsPerUnit = float(922);
  const gain = float(1050) * float(730) * (telegraph ? float(4576) : 1);
  const perCount = view.getFloat32(244, true) / view.getInt32(252, true);
  return {
    number,
    name: abfText(view, 442 + 10 * number, 10),
    unit: abfText(view, 602 + 8 * number, 8),
    scale: perCount / (voltsPerUnit * gain),
    offset: float(986) - float(1114),
    voltsPerUnit,
    telegraphed: telegraph ? telegraphedMode(short(4544), short(4768)) : null,
  };
}

function holdingOutput(view: DataView, number: number): AbfOutput {
  return {
    number,
    name: abfText(view, 1306 + 10 * number, 10),
    unit: abfText(view, 1346 + 8 * number, 8),
    holding: view.getFloat32(1394 + 4 * number, true),
    enabled: false,
    epochs: [],
    keepsLastLevel: false,
    problem: null,
  };
}

function outputOf(view: DataView, number: number, mode: AbfMode): AbfOutput {
  const base = holdingOutput(view, number);
  const short = (at: number) => view.getInt16(at + 2 * number, true);
  const source = short(2300);
  const enabled = mode === 'episodes' && number < WAVEFORMS && short(2296) !== 0 && source !== 0;
  if (!enabled) return base;
  const epochs = Array.from({ length: EPOCHS }, (_, i): AbfEpoch => {
    const float = (at: number) => view.getFloat32(at + 4 * (EPOCHS * number + i), true);
    const long = (at: number) => view.getInt32(at + 4 * (EPOCHS * number + i), true);
    return {
      kind: epochKinds[view.getInt16(2308 + 2 * (EPOCHS * number + i), true)] ?? 'unknown',
      level: float(2348),
      levelStep: float(2428),
      duration: long(2508),
      durationStep: long(2588),
      period: long(2136),
      width: long(2216),
    };
  }).filter(({ kind }) => kind !== 'off');
  const problem = outputProblem({
    name: base.name,
    source,
    file: abfText(view, 2736 + 256 * number, 256),
    userList: short(3360) !== 0 && variesCommand(short(3368)),
    alternating: false,
    epochs,
  });
  return { ...base, enabled, epochs, keepsLastLevel: short(2304) !== 0, problem };
}

/** Before 1.6 there was one waveform, for the output that nActiveDACChannel names. */
function oldOutputOf(view: DataView, number: number, mode: AbfMode): AbfOutput {
  const base = holdingOutput(view, number);
  const source = view.getInt16(1438, true);
  const enabled = mode === 'episodes' && source !== 0 && view.getInt16(1440, true) === number;
  if (!enabled) return base;
  const epochs = Array.from({ length: EPOCHS }, (_, i): AbfEpoch => ({
    kind: epochKinds[view.getInt16(1444 + 2 * i, true)] ?? 'unknown',
    level: view.getFloat32(1464 + 4 * i, true),
    levelStep: view.getFloat32(1504 + 4 * i, true),
    duration: view.getInt16(1544 + 2 * i, true),
    durationStep: view.getInt16(1564 + 2 * i, true),
    period: 0,
    width: 0,
  })).filter(({ kind }) => kind !== 'off');
  const problem = outputProblem({
    name: base.name,
    source,
    file: abfText(view, 1634, 84),
    // the list itself says whether there is one
    userList: abfText(view, 1968, 80) !== '' && variesCommand(view.getInt16(1966, true)),
    alternating: false,
    epochs,
  });
  return { ...base, enabled, epochs, keepsLastLevel: view.getInt16(1442, true) !== 0, problem };
}
