/**
 * How long it takes to see the first sweep of a file, and the memory that it takes, against the file's size: 20 sweeps of voltage
 * and command, float32, contiguous, in chunks of 64 KiB, and with a timestamp for each sample, of 50 MB, 400 MB and 2 GB. Each is opened in a process of its own, three times; told
 * is the median. Also told is that the file is as it was.
 *
 *   node bench/open-file.ts [FOLDER]      # 2 GB are written there, one file at a time, and removed
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as hdf5 from 'h5wasm/node';
import { beginRecording } from '../main/recording/recording.ts';

const sweeps = 20;
const layouts = ['contiguous', 'chunked', 'timestamps'] as const;
type Layout = (typeof layouts)[number];
const sizesMb = [50, 400, 2000];
const REPEATS = 3;
const CHUNK = 16_384;

interface Opened {
  openMs: number;
  firstSweepMs: number;
  peakMb: number;
}

/** What the interface asks first: the outline, and one second of the first sweep. */
async function openOnce(path: string): Promise<Opened> {
  const started = performance.now();
  const opening = await beginRecording(path);
  const openMs = performance.now() - started;
  await opening.readSweep(0, { start: 0, count: 20_000 });
  const firstSweepMs = performance.now() - started;
  await opening.close();
  return { openMs, firstSweepMs, peakMb: process.resourceUsage().maxRSS / 1024 };
}

async function write(path: string, megabytes: number, layout: Layout): Promise<void> {
  await hdf5.ready;
  const bytes = layout === 'timestamps' ? 4 + 8 : 4;
  const samples = Math.round((megabytes * 1e6) / (sweeps * 2 * bytes));
  const file = new hdf5.File(path, 'w');
  file.create_attribute('nwb_version', '2.7.0');
  file.create_attribute('neurodata_type', 'NWBFile');
  for (const group of ['acquisition', 'stimulus', 'stimulus/presentation']) file.create_group(group);
  const voltage = Float32Array.from({ length: samples }, (_, i) => -70 + ((i * 37) % 101) / 100);
  const current = Float32Array.from({ length: samples }, (_, i) => (i % 20_000 < 10_000 ? 0 : 100));
  const seconds = Float64Array.from({ length: layout === 'timestamps' ? samples : 0 }, (_, i) => i / 20_000);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (const [folder, type, unit, conversion, data] of [
      ['acquisition', 'CurrentClampSeries', 'volts', 1e-3, voltage],
      ['stimulus/presentation', 'CurrentClampStimulusSeries', 'amperes', 1e-12, current],
    ] as const) {
      const group = (file.get(folder) as hdf5.Group).create_group(`sweep_${sweep}`);
      group.create_attribute('neurodata_type', type);
      group.create_attribute('sweep_number', sweep);
      const set = group.create_dataset({
        name: 'data',
        data,
        ...(layout === 'chunked' && { chunks: [CHUNK] }),
      });
      set.create_attribute('unit', unit);
      set.create_attribute('conversion', conversion);
      if (layout === 'timestamps') group.create_dataset({ name: 'timestamps', data: seconds });
      else group.create_dataset({ name: 'starting_time', data: 0 }).create_attribute('rate', 20_000);
    }
  }
  file.close();
}

async function fingerprint(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return `${hash.digest('hex')} ${statSync(path).mtimeMs}`;
}

async function main(folder: string): Promise<void> {
  console.log('layout      file (MB)  open (ms)  first sweep (ms)  peak memory (MB)  unchanged');
  for (const layout of layouts) {
    for (const megabytes of sizesMb) {
      const path = join(folder, 'big.nwb');
      execFileSync(process.execPath, [import.meta.filename, '--write', path, String(megabytes), layout]);
      const before = await fingerprint(path);
      const runs = Array.from({ length: REPEATS }, () => {
        const answer = execFileSync(process.execPath, [import.meta.filename, '--open', path], {
          encoding: 'utf8',
        });
        return JSON.parse(answer) as Opened;
      });
      const median = (key: keyof Opened) => {
        const sorted = runs.map((run) => run[key]).sort((a, b) => a - b);
        return sorted[Math.floor(REPEATS / 2)]!.toFixed(0);
      };
      const cells = [
        layout.padEnd(10),
        (statSync(path).size / 1e6).toFixed(0).padStart(10),
        median('openMs').padStart(10),
        median('firstSweepMs').padStart(17),
        median('peakMb').padStart(17),
        (await fingerprint(path)) === before ? '      yes' : '       NO',
      ];
      console.log(cells.join(' '));
      rmSync(path);
    }
  }
}

const [what, path, megabytes, layout] = process.argv.slice(2);
if (what === '--write') await write(path!, Number(megabytes), layout as Layout);
else if (what === '--open') console.log(JSON.stringify(await openOnce(path!)));
else {
  const folder = mkdtempSync(join(what ?? tmpdir(), 'chronaxie-open-'));
  try {
    await main(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
