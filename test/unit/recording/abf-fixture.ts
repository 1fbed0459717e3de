import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** What a written ABF file says; the same for both versions. Numbers are the file format's own. */
export interface AbfFixture {
  version?: number;
  /** nOperationMode */
  mode?: number;
  episodes?: number;
  /** µs between two samples of one channel */
  intervalUs?: number;
  channels: AbfFixtureChannel[];
  outputs?: AbfFixtureOutput[];
  /** Stored numbers, the channels taking turns. */
  data: Int16Array | Float32Array;
  /** µs; 0 as gap-free files have it */
  synchUnitUs?: number;
  /** Start in synchronisation units and length in samples of all channels, a sweep. */
  synch?: [number, number][];
  tags?: [number, string][];
  protocol?: string;
  userListFor?: number;
  /** nULParamToVary; 13 = the level of the second epoch */
  userListVaries?: number;
}

export interface AbfFixtureChannel {
  number?: number;
  name?: string;
  unit?: string;
  instrumentScale?: number;
  instrumentOffset?: number;
  signalGain?: number;
  signalOffset?: number;
  programmableGain?: number;
  telegraph?: { instrument: number; mode: number; gain: number };
}

export interface AbfFixtureOutput {
  name?: string;
  unit?: string;
  holding?: number;
  enable?: number;
  source?: number;
  interEpisode?: number;
  file?: string;
  epochs?: AbfFixtureEpoch[];
}

export interface AbfFixtureEpoch {
  type: number;
  level: number;
  levelStep?: number;
  duration: number;
  durationStep?: number;
  period?: number;
  width?: number;
}

const folder = mkdtempSync(join(tmpdir(), 'chronaxie-abf-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes bytes under a name and returns the path. */
export function writeBytes(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const BLOCK = 512;
const RANGE = 10;
const RESOLUTION = 32768;

const blocks = (bytes: number) => Math.ceil(bytes / BLOCK);

/** An ABF 1 file: of version 1.6 and later with the long header, before that with the short one. */
export function abf1(fixture: AbfFixture): Uint8Array {
  const { version = 1.83, channels, outputs = [], data, synch = [], tags = [] } = fixture;
  const long = version >= 1.6;
  const header = long ? 12 : 4;
  const synchAt = header + blocks(data.byteLength);
  const tagsAt = synchAt + blocks(8 * synch.length);
  const bytes = new Uint8Array((tagsAt + blocks(64 * tags.length)) * BLOCK);
  const view = new DataView(bytes.buffer);
  const short = (at: number, value: number) => view.setInt16(at, value, true);
  const int = (at: number, value: number) => view.setInt32(at, value, true);
  const float = (at: number, value: number) => view.setFloat32(at, value, true);
  const text = (at: number, value: string, width: number) =>
    bytes.set(new TextEncoder().encode(value.padEnd(width).slice(0, width)), at);
  text(0, 'ABF ', 4);
  float(4, version);
  short(8, fixture.mode ?? 5);
  int(10, data.length);
  int(16, fixture.episodes ?? 1);
  int(20, 20_260_101);
  int(40, header);
  int(44, tags.length > 0 ? tagsAt : 0);
  int(48, tags.length);
  int(92, synch.length > 0 ? synchAt : 0);
  int(96, synch.length);
  short(100, data instanceof Float32Array ? 1 : 0);
  short(120, channels.length);
  float(122, (fixture.intervalUs ?? 100) / channels.length);
  float(130, fixture.synchUnitUs ?? 0);
  float(244, RANGE);
  int(252, RESOLUTION);
  for (let i = 0; i < 16; i++) short(410 + 2 * i, channels[i] ? (channels[i]!.number ?? i) : -1);
  channels.forEach((channel, place) => {
    const n = channel.number ?? place;
    text(442 + 10 * n, channel.name ?? `IN ${n}`, 10);
    text(602 + 8 * n, channel.unit ?? 'mV', 8);
    float(730 + 4 * n, channel.programmableGain ?? 1);
    float(922 + 4 * n, channel.instrumentScale ?? 0.01);
    float(986 + 4 * n, channel.instrumentOffset ?? 0);
    float(1050 + 4 * n, channel.signalGain ?? 1);
    float(1114 + 4 * n, channel.signalOffset ?? 0);
    if (!long || !channel.telegraph) return;
    short(4512 + 2 * n, 1);
    short(4544 + 2 * n, channel.telegraph.instrument);
    float(4576 + 4 * n, channel.telegraph.gain);
    short(4768 + 2 * n, channel.telegraph.mode);
  });
  outputs.forEach((output, n) => {
    text(1306 + 10 * n, output.name ?? `Cmd ${n}`, 10);
    text(1346 + 8 * n, output.unit ?? 'pA', 8);
    float(1394 + 4 * n, output.holding ?? 0);
    const epochs = output.epochs ?? [];
    if (!long) {
      if ((output.enable ?? 1) === 0) return;
      short(1438, output.source ?? 1);
      short(1440, n);
      short(1442, output.interEpisode ?? 0);
      epochs.forEach((epoch, e) => {
        short(1444 + 2 * e, epoch.type);
        float(1464 + 4 * e, epoch.level);
        float(1504 + 4 * e, epoch.levelStep ?? 0);
        short(1544 + 2 * e, epoch.duration);
        short(1564 + 2 * e, epoch.durationStep ?? 0);
      });
      return;
    }
    if (n > 1) return;
    short(2296 + 2 * n, output.enable ?? 1);
    short(2300 + 2 * n, output.source ?? 1);
    short(2304 + 2 * n, output.interEpisode ?? 0);
    text(2736 + 256 * n, output.file ?? '', 256);
    epochs.forEach((epoch, e) => {
      const at = 10 * n + e;
      int(2136 + 4 * at, epoch.period ?? 0);
      int(2216 + 4 * at, epoch.width ?? 0);
      short(2308 + 2 * at, epoch.type);
      float(2348 + 4 * at, epoch.level);
      float(2428 + 4 * at, epoch.levelStep ?? 0);
      int(2508 + 4 * at, epoch.duration);
      int(2588 + 4 * at, epoch.durationStep ?? 0);
    });
  });
  if (!long && fixture.userListFor !== undefined) {
    short(1966, fixture.userListVaries ?? 13);
    text(1968, '10, 20, 30', 80);
  }
  if (long) {
    text(4898, fixture.protocol ?? '', 256);
    if (fixture.userListFor !== undefined) {
      short(3360 + 2 * fixture.userListFor, 1);
      short(3368 + 2 * fixture.userListFor, fixture.userListVaries ?? 13);
    }
  }
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header * BLOCK);
  synch.forEach(([start, length], i) => {
    int(synchAt * BLOCK + 8 * i, start);
    int(synchAt * BLOCK + 8 * i + 4, length);
  });
  tags.forEach(([time, comment], i) => {
    int(tagsAt * BLOCK + 64 * i, time);
    text(tagsAt * BLOCK + 64 * i + 4, comment, 56);
  });
  return bytes;
}

/** An ABF 2 file; each section begins a block of its own, as Clampex writes them. */
export function abf2(fixture: AbfFixture): Uint8Array {
  const { version = 2.6, episodes = 1, channels, outputs = [], data, tags = [] } = fixture;
  const synch = fixture.synch ?? equalSweeps(episodes > 1000 ? 0 : episodes, data.length);
  const strings: string[] = [];
  const stringIndex = (value: string) => (value === '' ? 0 : strings.push(value));
  stringIndex('Clampex');
  const protocolIndex = stringIndex(fixture.protocol ?? '');

  const protocol = entryOf(512, (view) => {
    view.setInt16(0, fixture.mode ?? 5, true);
    view.setFloat32(2, fixture.intervalUs ?? 100, true);
    view.setFloat32(14, fixture.synchUnitUs ?? 0, true);
    view.setFloat32(110, RANGE, true);
    view.setFloat32(114, RANGE, true);
    view.setInt32(118, RESOLUTION, true);
    view.setInt32(122, RESOLUTION, true);
  });
  const inputs = channels.map((channel, place) =>
    entryOf(128, (view) => {
      view.setInt16(0, channel.number ?? place, true);
      view.setInt16(2, channel.telegraph ? 1 : 0, true);
      view.setInt16(4, channel.telegraph?.instrument ?? 0, true);
      view.setFloat32(6, channel.telegraph?.gain ?? 1, true);
      view.setInt16(18, channel.telegraph?.mode ?? 0, true);
      view.setFloat32(28, channel.programmableGain ?? 1, true);
      view.setFloat32(40, channel.instrumentScale ?? 0.01, true);
      view.setFloat32(44, channel.instrumentOffset ?? 0, true);
      view.setFloat32(48, channel.signalGain ?? 1, true);
      view.setFloat32(52, channel.signalOffset ?? 0, true);
      view.setInt32(74, stringIndex(channel.name ?? `IN ${channel.number ?? place}`), true);
      view.setInt32(78, stringIndex(channel.unit ?? 'mV'), true);
    }),
  );
  const dacs = outputs.map((output, n) =>
    entryOf(256, (view) => {
      view.setInt16(0, n, true);
      view.setFloat32(12, output.holding ?? 0, true);
      view.setInt32(24, stringIndex(output.name ?? `Cmd ${n}`), true);
      view.setInt32(28, stringIndex(output.unit ?? 'pA'), true);
      view.setInt16(40, output.enable ?? 1, true);
      view.setInt16(42, output.source ?? 1, true);
      view.setInt16(44, output.interEpisode ?? 0, true);
      view.setInt32(118, stringIndex(output.file ?? ''), true);
    }),
  );
  const epochs = outputs.flatMap((output, n) =>
    (output.epochs ?? []).map((epoch, e) =>
      entryOf(48, (view) => {
        view.setInt16(0, e, true);
        view.setInt16(2, n, true);
        view.setInt16(4, epoch.type, true);
        view.setFloat32(6, epoch.level, true);
        view.setFloat32(10, epoch.levelStep ?? 0, true);
        view.setInt32(14, epoch.duration, true);
        view.setInt32(18, epoch.durationStep ?? 0, true);
        view.setInt32(22, epoch.period ?? 0, true);
        view.setInt32(26, epoch.width ?? 0, true);
      }),
    ),
  );
  const digital = epochs.map((_, e) => entryOf(32, (view) => view.setInt16(0, e, true)));
  const list = fixture.userListFor;
  const userLists =
    list === undefined
      ? []
      : [
          entryOf(64, (view) => {
            view.setInt16(0, list, true);
            view.setInt16(2, 1, true);
            view.setInt16(4, fixture.userListVaries ?? 13, true);
          }),
        ];
  const texts = new TextEncoder().encode(strings.map((value) => `${value}\0`).join(''));
  const stringBytes = new Uint8Array(44 + texts.length);
  stringBytes.set(new TextEncoder().encode('SSCH'));
  stringBytes.set(texts, 44);
  const synchTable = synch.map(([start, length]) =>
    entryOf(8, (view) => {
      view.setInt32(0, start, true);
      view.setInt32(4, length, true);
    }),
  );
  const tagTable = tags.map(([time, comment]) =>
    entryOf(64, (view) => {
      view.setInt32(0, time, true);
      new Uint8Array(view.buffer).set(new TextEncoder().encode(comment.padEnd(56).slice(0, 56)), 4);
    }),
  );
  const samples = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  // place of the section's entry in the first block, bytes per entry, entries, content
  const sections: [number, number, number, Uint8Array][] = [
    [76, 512, 1, protocol],
    [92, 128, inputs.length, joined(inputs)],
    [108, 256, dacs.length, joined(dacs)],
    [156, 48, epochs.length, joined(epochs)],
    [124, 32, digital.length, joined(digital)],
    [172, 64, userLists.length, joined(userLists)],
    [220, stringBytes.length, strings.length, stringBytes],
    [236, data.BYTES_PER_ELEMENT, data.length, samples],
    [316, 8, synch.length, joined(synchTable)],
    [252, 64, tags.length, joined(tagTable)],
  ];
  const total = sections.reduce((sum, [, , , content]) => sum + blocks(content.length), 1);
  // what reads the string section as if it had as many blocks as strings finds bytes there, as in Clampex's files
  const bytes = new Uint8Array(total * BLOCK + strings.length * stringBytes.length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode('ABF2'));
  view.setUint8(6, Math.round((version % 1) * 10));
  view.setUint8(7, Math.floor(version));
  view.setUint32(8, BLOCK, true);
  view.setUint32(12, episodes, true);
  view.setUint32(16, 20_260_101, true);
  view.setUint16(30, data instanceof Float32Array ? 1 : 0, true);
  view.setUint32(60, 1, true);
  view.setUint32(72, protocolIndex, true);
  let block = 1;
  for (const [at, size, count, content] of sections) {
    if (count === 0) continue;
    view.setUint32(at, block, true);
    view.setUint32(at + 4, size, true);
    view.setBigInt64(at + 8, BigInt(count), true);
    bytes.set(content, block * BLOCK);
    block += blocks(content.length);
  }
  return bytes;
}

/** The table that Clampex writes for sweeps of one length that follow on each other. */
function equalSweeps(episodes: number, samples: number): [number, number][] {
  const length = Math.floor(samples / Math.max(1, episodes));
  return Array.from({ length: episodes }, (_, i) => [i * length, length]);
}

function entryOf(size: number, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(size);
  fill(new DataView(bytes.buffer));
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
