import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../main/numeric/random.ts';
import { AutoregressiveDensity } from '../../../main/train/autoregressive-density.ts';
import {
  AutoregressiveEstimator,
  autoregressiveNetwork,
} from '../../../main/train/autoregressive-estimator.ts';
import { densityFromJson } from '../../../main/train/density-json.ts';
import { DensityEstimator } from '../../../main/train/estimator.ts';
import { LinearPart } from '../../../main/train/linear-part.ts';
import { initialParameters } from '../../../main/train/initialise.ts';
import { densityNetwork } from '../../../main/train/network.ts';
import { forward } from '../../../main/train/reference-forward.ts';
import { boundedMixtureLoss, mixtureLoss } from '../../../main/train/reference-heads.ts';
import { estimatorFromBytes, StackedEstimator } from '../../../main/train/stacked-estimator.ts';

const spec = { inputs: 3, indicators: [1], outputs: 3, hidden: [9, 7], components: 4, variational: false };
const standardisation = {
  xCentre: Float64Array.of(0, 0, 1),
  xBend: Float64Array.of(0, 0, 0.5),
  xMean: Float64Array.of(1, 2, 0),
  xSd: Float64Array.of(2, 1, 3),
  thetaMean: Float64Array.of(10, 0, -1),
  thetaSd: Float64Array.of(5, 0.2, 2),
};
const inf = Infinity;
const free = { low: Float64Array.of(-inf, -inf, -inf), high: Float64Array.of(inf, inf, inf) };
const box = { low: Float64Array.of(4, -inf, -3), high: Float64Array.of(15, 0.25, inf) };

/** t₁ = 0.3 + z₁ …, and what is left of t₃ hangs together with that of t₁. */
const linear = new LinearPart(
  'lower',
  Float64Array.of(0.3, 1, 0, 0.2, 0.1, -0.2, 0, 0.5, 0, 0, 0, 0.1, 0.1, 0.1, 0.4),
  Float64Array.of(0.5, 0, 0, -0.1, 0.8, 0, 0.3, 0.2, 0.4),
  spec.indicators,
);

function estimator(bounds: typeof free, seed = 1): AutoregressiveEstimator {
  const parameters = Array.from({ length: 3 }, (_, d) => {
    const network = autoregressiveNetwork(spec, bounds, d);
    // Twice the first weights: outputs that depend on what they are given.
    return initialParameters(network, createRandom(seed, d)).map((value) => 2 * value);
  });
  return new AutoregressiveEstimator(spec, standardisation, bounds, parameters, linear);
}

/** Σ_d log p(θ_d | x, θ_<d) with float64 networks and the head's reference. */
function reference(of: AutoregressiveEstimator, x: number[], theta: Float64Array): number {
  const { xCentre, xBend, xMean, xSd, thetaMean, thetaSd } = standardisation;
  const bend = (v: number, f: number) => (xBend[f]! > 0 ? Math.asinh((v - xCentre[f]!) / xBend[f]!) : v);
  const z = x.map((v, f) => (bend(v, f) - xMean[f]!) / xSd[f]!);
  const t = theta.map((v, d) => (v - thetaMean[d]!) / thetaSd[d]!);
  const read = [1, ...z.map((v) => (Number.isNaN(v) ? 0 : v)), Number.isNaN(z[1]!) ? 1 : 0];
  const left: number[] = [];
  let logQ = 0;
  of.parameters.forEach((own, d) => {
    const { coefficients, spread } = of.linear;
    let centre = read.reduce((sum, v, i) => sum + coefficients[5 * d + i]! * v, 0);
    left.forEach((r, j) => (centre += spread[3 * d + j]! * r));
    const scale = spread[4 * d]!;
    const [r, low, high] = [theta[d]!, of.bounds.low[d]!, of.bounds.high[d]!].map(
      (v) => ((v - thetaMean[d]!) / thetaSd[d]! - centre) / scale,
    ) as [number, number, number];
    expect(r * scale + centre).toBeCloseTo(t[d]!, 10);
    const network = autoregressiveNetwork(spec, of.bounds, d);
    const y = forward(network, own, Float64Array.from([...z, ...left]), 1);
    const one = Float64Array.of(1);
    const { loss } =
      network.head.kind === 'bounded-mixture'
        ? boundedMixtureLoss(y, Float64Array.of(r, low, high), one, spec.components, 1)
        : mixtureLoss(y, Float64Array.of(r), one, 1, spec.components, 1);
    logQ -= loss + Math.log(thetaSd[d]! * scale);
    left.push(r);
  });
  return logQ;
}

describe.each([
  ['free', free],
  ['bounded', box],
])('an autoregressive density, %s', (_, bounds) => {
  const own = estimator(bounds);
  const x = [0.5, NaN, 40];
  const density = own.condition(x);
  const theta = density.draw(600, createRandom(5));

  it('is the product of its networks’ mixtures, conditioned beforehand or not', () => {
    const logQ = density.logDensities(theta);
    const at = own.logDensityAt(
      Float64Array.from({ length: 1800 }, (_value, i) => x[i % 3]!),
      theta,
    );
    for (const n of [0, 1, 255, 256, 599]) {
      const expected = reference(own, x, theta.subarray(3 * n, 3 * n + 3));
      // float32 networks: 1e-6 of z, which is some tens of an sd at most
      expect(Math.abs(logQ[n]! - expected)).toBeLessThan(2e-4);
      expect(Math.abs(at[n]! - expected)).toBeLessThan(2e-4);
      expect(density.logDensity(theta, 3 * n)).toBe(logQ[n]);
    }
  });

  it('draws what it describes: the means of importance ratios and of draws agree with the density', () => {
    const n = 20_000;
    const drawn = density.draw(n, createRandom(6));
    // ∫ u(θ) dθ = 1 for any density u: E_q[u/q] = 1. u normal around the draws' mean, narrow enough for light tails.
    const mean = [0, 1, 2].map((d) => drawn.reduce((sum, v, i) => sum + (i % 3 === d ? v / n : 0), 0));
    const sd = [0, 1, 2].map((d) =>
      Math.sqrt(drawn.reduce((sum, v, i) => sum + (i % 3 === d ? (v - mean[d]!) ** 2 / n : 0), 0)),
    );
    const logQ = density.logDensities(drawn);
    const half = sd.map((s) => 0.5 * s);
    let ratio = 0;
    let square = 0;
    for (let row = 0; row < n; row++) {
      let inside = true;
      let volume = 1;
      for (let d = 0; d < 3; d++) {
        const [a, b] = [
          Math.max(mean[d]! - half[d]!, bounds.low[d]!),
          Math.min(mean[d]! + half[d]!, bounds.high[d]!),
        ];
        volume *= b - a;
        inside &&= drawn[3 * row + d]! > a && drawn[3 * row + d]! < b;
      }
      const weight = inside ? Math.exp(-logQ[row]!) / volume : 0;
      ratio += weight / n;
      square += weight ** 2 / n;
    }
    // Four standard errors of the mean of the ratios, which must themselves be small to say anything.
    const error = Math.sqrt((square - ratio ** 2) / n);
    expect(error).toBeLessThan(0.06);
    expect(Math.abs(ratio - 1)).toBeLessThan(4 * error);
  });

  it('draws the same for the same stream, and the first draws whatever their number', () => {
    expect(density.draw(600, createRandom(5))).toEqual(theta);
    expect(density.draw(300, createRandom(5))).toEqual(theta.slice(0, 900));
  });

  it('survives JSON and bytes', () => {
    const copy = densityFromJson(JSON.parse(JSON.stringify(density)));
    expect(copy).toBeInstanceOf(AutoregressiveDensity);
    expect(copy.logDensities(theta)).toEqual(density.logDensities(theta));
    const read = estimatorFromBytes(own.toBytes());
    expect(read).toBeInstanceOf(AutoregressiveEstimator);
    expect(read.family).toBe(own.family);
    expect(read.condition(x).logDensities(theta)).toEqual(density.logDensities(theta));
  });
});

describe('a bounded density', () => {
  it('has no draw outside its bounds, and no density there', () => {
    const density = estimator(box).condition([3, 0, 0]);
    const drawn = density.draw(20_000, createRandom(1));
    for (let i = 0; i < drawn.length; i++) {
      expect(drawn[i]! >= box.low[i % 3]! && drawn[i]! <= box.high[i % 3]!).toBe(true);
    }
    expect(density.logDensity([3.99, 0, 0])).toBe(-Infinity);
    expect(density.logDensity([0, 5, 0.26, 0], 1)).toBe(-Infinity);
    expect(density.logDensity([5, 0.2, 1e3])).toBeGreaterThan(-Infinity);
  });
});

describe('a stack of estimators', () => {
  const mixtureSpec = { ...spec, components: 2 };
  const mixture = new DensityEstimator(
    mixtureSpec,
    standardisation,
    initialParameters(densityNetwork(mixtureSpec), createRandom(9)),
  );
  const x = [1, 2, 3];

  it('mixes families, and is of the heaviest one', () => {
    const stack = new StackedEstimator([mixture, estimator(box)], Float64Array.of(Math.log(3), Math.log(1)));
    expect(stack.family).toBe('mixture');
    const theta = Float64Array.of(9, 0.1, 0);
    const [a, b] = [mixture, estimator(box)].map((e) => Math.exp(e.condition(x).logDensity(theta)));
    const expected = Math.log(0.75 * a! + 0.25 * b!);
    expect(stack.condition(x).logDensity(theta)).toBeCloseTo(expected, 10);
    // float32 networks for the rows
    expect(stack.logDensityAt(Float64Array.from(x), theta)[0]).toBeCloseTo(expected, 4);
    const read = estimatorFromBytes(stack.toBytes());
    expect(read.condition(x).logDensity(theta)).toBe(stack.condition(x).logDensity(theta));
    const density = densityFromJson(JSON.parse(JSON.stringify(stack.condition(x))));
    expect(density.logDensity(theta)).toBeCloseTo(expected, 10);
  });

  it('refuses members of another shape, and damaged bytes', () => {
    const other = new DensityEstimator(
      { ...mixtureSpec, inputs: 2, indicators: [] },
      {
        ...standardisation,
        xCentre: new Float64Array(2),
        xBend: new Float64Array(2),
        xMean: new Float64Array(2),
        xSd: Float64Array.of(1, 1),
      },
      initialParameters(densityNetwork({ ...mixtureSpec, inputs: 2, indicators: [] }), createRandom(1)),
    );
    expect(() => new StackedEstimator([mixture, other], new Float64Array(2))).toThrow('do not fit');
    const bytes = new StackedEstimator([mixture, mixture], new Float64Array(2)).toBytes();
    expect(() => estimatorFromBytes(bytes.subarray(0, bytes.length - 4))).toThrow('do not fit');
    const autoregressive = estimator(box).toBytes();
    expect(() => estimatorFromBytes(autoregressive.subarray(0, autoregressive.length - 4))).toThrow();
  });
});

describe('what is no density', () => {
  it('is refused', () => {
    expect(() => densityFromJson({ kind: 'autoregressive', components: 1 })).toThrow('cannot be read');
    expect(() => densityFromJson({ kind: 'spline' })).toThrow('cannot be read');
    const parts = estimator(free).condition([1, 2, 3]).parts;
    expect(() => new AutoregressiveDensity({ ...parts, components: 5 })).toThrow('do not fit');
    expect(() => new AutoregressiveDensity({ ...parts, low: new Float64Array(2) })).toThrow('do not fit');
    expect(() => estimator(free).condition([1, 2])).toThrow('reads 3 features, not 2');
  });
});
