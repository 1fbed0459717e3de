import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { AppError } from '../../../main/contract/errors.ts';
import { asStated } from '../../../main/contract/recording.ts';
import { ReaderThread } from '../../../main/recording/reader-thread.ts';
import { seeds, type Seed } from '../../fuzz/corpus.ts';
import { mutated, randomNumbers } from '../../fuzz/mutate.ts';

/** CHRONAXIE_FUZZ=10000 for the counts of docs/files.md; every file can be made again from its number. */
const files = Number(process.env['CHRONAXIE_FUZZ'] ?? 200);
/** The program's own: a reader that gives no sign of life for so long is ended. Twice that is allowed, for its start. */
const TIME_LIMIT_MS = 5000;
const MEMORY_MB = 1000;
/** A thread reads so many files before a new one starts: starting takes longer than reading. */
const PER_THREAD = 50;
/** Zeros in a row that no single damaged number explains. */
const ZERO_RUN = 8;

const folder = mkdtempSync(join(tmpdir(), 'chronaxie-mutated-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Samples = Float32Array[];
type Outcome = 'same numbers' | 'other numbers' | 'no usable sweep' | 'refused' | 'reader ended' | 'stopped';

/** Opens, summarises and reads a file in the reader's thread, as the program does. */
async function read(thread: ReaderThread, path: string): Promise<Samples> {
  const opened = await thread.ask({ kind: 'open', path, reading: asStated });
  if (opened.kind !== 'opened') throw new Error(`“${opened.kind}” was the answer to “open”.`);
  const answer = await thread.ask({ kind: 'summarise' });
  if (answer.kind !== 'summary') throw new Error(`“${answer.kind}” was the answer to “summarise”.`);
  const samples: Samples = [];
  for (const { sweep, usable } of answer.summary.sweeps) {
    if (!usable) continue;
    const reply = await thread.ask({ kind: 'read', sweep, range: null });
    if (reply.kind !== 'data') throw new Error(`“${reply.kind}” was the answer to “read”.`);
    samples.push(reply.data.voltageMv, ...(reply.data.currentPa ? [reply.data.currentPa] : []));
  }
  return samples;
}

function longestZeroRun(samples: Samples): number {
  let longest = 0;
  for (const values of samples) {
    let run = 0;
    for (const value of values) {
      run = value === 0 ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
  }
  return longest;
}

const key = (samples: Samples) =>
  samples.map((values) => Buffer.from(values.buffer).toString('base64')).join();

/** The most memory that this process, its threads included, ever held. */
function peakMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}

it(`opens ${files} damaged files without a hang, a crash, much memory, or zeros given out as data`, async () => {
  const corpus = await seeds();
  const whole = new Map<Seed, string>();
  const counts = new Map<string, Map<Outcome, number>>();
  const zeros: string[] = [];
  const slow: string[] = [];
  const faults: string[] = [];
  let thread = new ReaderThread('', TIME_LIMIT_MS);
  for (const seed of corpus) {
    const path = join(folder, `${seed.name}.${seed.extension}`);
    writeFileSync(path, seed.bytes);
    const samples = await read(thread, path);
    expect(samples.length, seed.name).toBeGreaterThan(0);
    expect(longestZeroRun(samples), seed.name).toBe(0);
    whole.set(seed, key(samples));
    counts.set(seed.name, new Map());
  }
  for (let n = 0; n < files; n++) {
    if (n % PER_THREAD === 0) {
      await thread.close();
      thread = new ReaderThread('', TIME_LIMIT_MS);
    }
    const random = randomNumbers(n);
    const seed = corpus[n % corpus.length]!;
    const { bytes, mutation } = mutated(seed.bytes, random);
    const path = join(folder, `${n}.${seed.extension}`);
    writeFileSync(path, bytes);
    const name = `file ${n} (${seed.name}, ${mutation})`;
    const started = performance.now();
    const outcome: Outcome = await read(thread, path).then(
      (samples) => {
        if (longestZeroRun(samples) >= ZERO_RUN && mutation !== 'blanked') zeros.push(name);
        if (samples.length === 0) return 'no usable sweep';
        return key(samples) === whole.get(seed) ? 'same numbers' : 'other numbers';
      },
      (thrown: unknown) => {
        if (!(thrown instanceof AppError)) throw thrown;
        if (thrown.code === 'internal') faults.push(`${name}: ${thrown.message}`);
        return thrown.message.includes('came to nothing')
          ? 'stopped'
          : thrown.message.includes('abnormally')
            ? 'reader ended'
            : 'refused';
      },
    );
    if (performance.now() - started > 2 * TIME_LIMIT_MS) slow.push(name);
    expect(Buffer.compare(readFileSync(path), bytes), `${name} was written to`).toBe(0);
    rmSync(path);
    if (outcome === 'stopped' || outcome === 'reader ended') {
      await thread.close();
      thread = new ReaderThread('', TIME_LIMIT_MS);
    }
    const own = counts.get(seed.name)!;
    own.set(outcome, (own.get(outcome) ?? 0) + 1);
  }
  await thread.close();
  for (const [name, own] of counts) console.log(name, Object.fromEntries(own));
  console.log(`${peakMb().toFixed(0)} MB at most`);
  expect({ zeros, slow, faults }).toEqual({ zeros: [], slow: [], faults: [] });
  expect(peakMb()).toBeLessThan(MEMORY_MB);
}, 3_600_000);
