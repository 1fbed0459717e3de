/**
 * Nanoseconds per time step and parameter set of the built-in hh8 model, on one core: the compiled model in its variants
 * against a hand-written double-precision TypeScript loop, in the same process. Run: node bench/simulate.ts
 */
import { loadModel } from '../main/model/neuron-model.ts';
import { independentPrior } from '../main/model/prior.ts';
import { createRandom } from '../main/numeric/random.ts';
import { NeuronSimulator } from '../main/simulate/neuron-simulator.ts';
import { protocolFromFile } from '../main/simulate/protocol.ts';
import { hasRelaxedSimd } from '../main/simulate/relaxed-simd.ts';
import { handWrittenHh8 } from './hand-written-hh8.ts';

const dtMs = 0.01;
const repeats = 15;
/** The engine compiles hot code in the background, later on a busy machine. */
const warmUps = 4;
const { file: model } = await loadModel('hh8');
const protocol = protocolFromFile({
  dtMs,
  durationMs: 120,
  initialMv: -70,
  stimulus: [{ startMs: 10, endMs: 110, uAPerCm2: 3.24806 }],
});
const prior = independentPrior(model.parameters);
const names = prior.names;
const sets = 32;
const noisy = new Float64Array(sets * names.length);
const random = createRandom(1);
for (let i = 0; i < sets; i++) prior.sample(random, noisy, i * names.length);
const sigma = names.indexOf('sigma');
const silent = noisy.map((value, i) => (i % names.length === sigma ? 0 : value));

interface Variant {
  title: string;
  run(): void;
  traceOf(row: number): ArrayLike<number>;
}

function compiled(title: string, precision: 'f32' | 'f64', strict: boolean, noise: boolean): Variant {
  const noiseless = { ...model };
  delete noiseless.noise;
  const free = noise ? names : names.filter((name) => name !== 'sigma');
  const parameters = model.parameters.filter((p) => noise || p.name !== 'sigma');
  const task = {
    model: { ...(noise ? model : noiseless), parameters },
    free,
    fixed: {},
    protocol,
    precision,
    strict,
  };
  const theta = noise ? noisy : silent.filter((_, i) => i % names.length !== sigma);
  const simulator = new NeuronSimulator(task);
  const group = (first: number): void =>
    simulator.simulate({
      theta,
      first,
      count: Math.min(simulator.lanes, sets - first),
      seed: 1,
      stream: 0,
      firstIndex: 0,
    });
  return {
    title,
    run: () => {
      for (let first = 0; first < sets; first += simulator.lanes) group(first);
    },
    traceOf: (row) => {
      group(row - (row % simulator.lanes));
      return simulator.trace(row % simulator.lanes);
    },
  };
}

const buffer = new Float64Array(protocol.steps);
const handWritten: Variant = {
  title: 'plain TypeScript, f64',
  run: () => {
    for (let i = 0; i < sets; i++) handWrittenHh8(silent.subarray(i * 8, i * 8 + 8), protocol, buffer);
  },
  traceOf: (row) => {
    handWrittenHh8(silent.subarray(row * 8, row * 8 + 8), protocol, buffer);
    return buffer;
  },
};
const variants = [
  handWritten,
  compiled('compiled f32, relaxed', 'f32', false, false),
  compiled('compiled f32, relaxed, noise', 'f32', false, true),
  compiled('compiled f32, strict', 'f32', true, false),
  compiled('compiled f32, strict, noise', 'f32', true, true),
  compiled('compiled f64, relaxed', 'f64', false, false),
  compiled('compiled f64, strict', 'f64', true, false),
];

/** The baseline must compute the same thing, or the ratio means nothing. */
const exact = variants.find((v) => v.title === 'compiled f64, strict')!;
for (let row = 0; row < 4; row++) {
  const expected = Float64Array.from(handWritten.traceOf(row));
  const got = exact.traceOf(row);
  const worst = expected.reduce((w, v, i) => Math.max(w, Math.abs(v - got[i]!)), 0);
  if (!(worst < 1e-6)) throw new Error(`Baseline and compiled model differ by ${worst} mV in set ${row}.`);
}

const times = new Map(variants.map((v) => [v, [] as number[]]));
// Round-robin, so that a disturbance of the machine hits all variants alike; the first rounds warm up the compilers.
for (let repeat = 0; repeat < warmUps + repeats; repeat++)
  for (const variant of variants) {
    const started = performance.now();
    variant.run();
    const ns = ((performance.now() - started) * 1e6) / (sets * protocol.steps);
    if (repeat >= warmUps) times.get(variant)!.push(ns);
  }
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const fastest = (values: number[]): number => Math.min(...values);
const plain = times.get(handWritten)!;
console.log(`hh8, ${sets} sets × ${protocol.steps} steps, dt ${dtMs} ms, one core, ${repeats} repeats`);
console.log('ns per step and set:               median  fastest   × plain: median  fastest');
if (!hasRelaxedSimd()) console.log('This host has no relaxed SIMD: «relaxed» is the same as «strict».');
for (const [variant, values] of times) {
  const ratios = [median(plain) / median(values), fastest(plain) / fastest(values)];
  const cells = [median(values), fastest(values), ...ratios].map((v) => v.toFixed(1).padStart(9));
  console.log(`${variant.title.padEnd(32)}${cells.join('')}`);
}
