import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../main/numeric/random.ts';
import { DensityEstimator } from '../../../main/train/estimator.ts';
import { initialParameters } from '../../../main/train/initialise.ts';
import { densityNetwork } from '../../../main/train/network.ts';
import { mixtureLoss } from '../../../main/train/reference-heads.ts';
import { forward } from '../../../main/train/reference-forward.ts';

const spec = { inputs: 2, outputs: 3, hidden: [6], components: 2, variational: true };
const standardisation = {
  xCentre: new Float64Array(2),
  xBend: new Float64Array(2),
  xMean: Float64Array.of(10, -5),
  xSd: Float64Array.of(2, 4),
  thetaMean: Float64Array.of(100, 0, -3),
  thetaSd: Float64Array.of(20, 0.5, 3),
};
const parameters = initialParameters(densityNetwork(spec), createRandom(1));
const estimator = new DensityEstimator(spec, standardisation, parameters);

describe('a density estimator', () => {
  it('conditions in the parameters’ own units: its log density is the network’s less the log of the scales', () => {
    const x = [11, NaN];
    const theta = Float64Array.of(90, 0.3, -4);
    const { xMean, xSd, thetaMean, thetaSd } = standardisation;
    const z = Float64Array.from(x, (v, i) => (v - xMean[i]!) / xSd[i]!);
    const y = forward(densityNetwork(spec), parameters, z, 1);
    const t = theta.map((v, i) => (v - thetaMean[i]!) / thetaSd[i]!);
    const { loss } = mixtureLoss(y, t, Float64Array.of(1), 3, 2, 1);
    const jacobian = Math.log(20 * 0.5 * 3);
    expect(estimator.condition(x).logDensity(theta)).toBeCloseTo(-loss - jacobian, 10);
  });

  it('replaces a missing feature by the learned value', () => {
    const imputed = standardisation.xMean[1]! + standardisation.xSd[1]! * parameters[1]!;
    const [missing, given] = [estimator.condition([11, NaN]), estimator.condition([11, imputed])];
    missing.means.forEach((value, i) => expect(value).toBeCloseTo(given.means[i]!, 9));
  });

  it('reads a bent feature through the bend', () => {
    const [xCentre, xBend] = [Float64Array.of(3, 0), Float64Array.of(2, 0)];
    const bent = new DensityEstimator(spec, { ...standardisation, xCentre, xBend }, parameters);
    expect(DensityEstimator.fromBytes(bent.toBytes())).toEqual(bent);
    expect(bent.condition([1e6, 1]).means).toEqual(estimator.condition([Math.asinh((1e6 - 3) / 2), 1]).means);
  });

  it('reads bytes of earlier versions, which have no bends', () => {
    const bytes = estimator.toBytes();
    const length = new DataView(bytes.buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as object;
    const older = new TextEncoder().encode(
      JSON.stringify({ ...header, xCentre: undefined, xBend: undefined }),
    );
    const old = new Uint8Array(4 + older.length + bytes.length - 4 - length);
    new DataView(old.buffer).setUint32(0, older.length, true);
    old.set(older, 4);
    old.set(bytes.subarray(4 + length), 4 + older.length);
    expect(DensityEstimator.fromBytes(old)).toEqual(estimator);
  });

  it('survives its bytes unchanged', () => {
    const padded = new Uint8Array(estimator.toBytes().length + 3);
    padded.set(estimator.toBytes(), 3);
    const copy = DensityEstimator.fromBytes(padded.subarray(3));
    expect(copy).toEqual(estimator);
  });

  it('tells a missing feature from a real one that equals the learned value, where it has an indicator', () => {
    const told = { ...spec, indicators: [1] };
    const weights = initialParameters(densityNetwork(told), createRandom(1));
    const other = new DensityEstimator(told, standardisation, weights);
    expect(DensityEstimator.fromBytes(other.toBytes())).toEqual(other);
    const imputed = standardisation.xMean[1]! + standardisation.xSd[1]! * weights[1]!;
    const [missing, given] = [other.condition([11, NaN]), other.condition([11, imputed])];
    expect(Math.abs(missing.means[0]! - given.means[0]!)).toBeGreaterThan(0.01);
    // Feature 0 has none: there the learned value is all that the network sees.
    const learned = standardisation.xMean[0]! + standardisation.xSd[0]! * weights[0]!;
    const [without, as] = [other.condition([NaN, 3]), other.condition([learned, 3])];
    without.means.forEach((value, i) => expect(value).toBeCloseTo(as.means[i]!, 9));
  });

  it('reads estimators of earlier versions, which have no indicators', () => {
    const header = new TextDecoder().decode(estimator.toBytes());
    expect(header).not.toContain('indicators');
    expect(DensityEstimator.fromBytes(estimator.toBytes()).spec.indicators).toBeUndefined();
  });

  it('refuses damaged bytes and parts that do not fit', () => {
    const bytes = estimator.toBytes();
    expect(() => DensityEstimator.fromBytes(bytes.subarray(0, bytes.length - 1))).toThrow('damaged');
    expect(() => DensityEstimator.fromBytes(bytes.subarray(0, bytes.length - 4))).toThrow('do not fit');
    expect(() => DensityEstimator.fromBytes(new Uint8Array(2))).toThrow('damaged');
    expect(() => DensityEstimator.fromBytes(Uint8Array.of(4, 0, 0, 0, 110, 117, 108, 108))).toThrow(
      'cannot be read',
    );
    expect(() => estimator.condition([1])).toThrow('reads 2 features, not 1');
  });

  it('refuses a network without units', () => {
    expect(() => densityNetwork({ ...spec, hidden: [0] })).toThrow('positive integer, not 0');
  });

  it.each([[[2]], [[-1]], [[0, 0]], [[1, 0]], [[0.5]]])('refuses the indicators %j', (indicators) => {
    expect(() => densityNetwork({ ...spec, indicators })).toThrow('cannot have indicators');
  });
});
