import { StackedEstimator } from './stacked-estimator.ts';
import { AutoregressiveEstimator, autoregressiveNetwork, type Bounds } from './autoregressive-estimator.ts';
import type { ConditionalEstimator, DensityFamily } from './conditional-estimator.ts';
import { embeddingSchema } from './embedding.ts';
import { DensityEstimator } from './estimator.ts';
import { LinearPart } from './linear-part.ts';
import { densityNetwork, type NetworkDescription, type NetworkSpec } from './network.ts';
import type { Standardisation } from './standardisation.ts';
import type { TrainingRequest } from './training-request.ts';

/** A mixture of two bends and splits enough where its covariances are full; in one dimension ten normals make any shape. */
const defaultComponents = { mixture: 2, autoregressive: 10, bounded: 10 } as const;

/** What the networks' numbers mean. */
export interface Units {
  standardisation: Standardisation;
  linear: LinearPart;
}

/** A family that is to be trained: what its networks are, and the estimator that they make. */
export interface FamilyPlan {
  family: DensityFamily;
  spec: NetworkSpec;
  bounds: Bounds;
  networks: NetworkDescription[];
  /** Of the estimators that it goes on from; null = they are free to choose. */
  units: Units | null;
  /** Stored parameters to start from and to be held to, [ensemble member][network]. */
  start: (readonly Float32Array[])[];
  previous: (readonly Float32Array[])[];
  build(parameters: readonly Float32Array[], units: Units): ConditionalEstimator;
}

/** The families that apply to a request, without repetition. */
export function applicableFamilies({ families, bounds, embedding }: TrainingRequest): DensityFamily[] {
  if (embedding) return ['mixture'];
  const bounded = [...bounds.low, ...bounds.high].some(Number.isFinite);
  const applicable = families.filter((family) => bounded || family !== 'bounded');
  return applicable.length > 0 ? [...new Set(applicable)] : ['autoregressive'];
}

export function planFamily(request: TrainingRequest, family: DensityFamily): FamilyPlan {
  const { standardisation, hidden, variational, indicators, embedding } = request;
  const D = standardisation.thetaMean.length;
  const spec: NetworkSpec = {
    inputs: standardisation.xMean.length,
    outputs: D,
    hidden,
    components: request.components ?? defaultComponents[family],
    variational,
    ...(indicators ? { indicators } : {}),
    ...(embedding ? { embedding } : {}),
  };
  const unbounded = {
    low: new Float64Array(D).fill(-Infinity),
    high: new Float64Array(D).fill(Infinity),
  };
  const bounds = family === 'bounded' ? request.bounds : unbounded;
  const networks =
    family === 'mixture'
      ? [densityNetwork(spec)]
      : Array.from({ length: D }, (_, d) => autoregressiveNetwork(spec, bounds, d));
  const shape = shapeOf(family, spec, bounds);
  const same = (estimator: ConditionalEstimator | null) =>
    membersOf(estimator).filter((own) => shapeOf(own.family, own.spec, boundsOf(own)) === shape);
  const previous = same(request.weightPrior.previous);
  const units = previous[0] ?? same(request.start)[0] ?? null;
  const start = same(request.start).filter((own) => sameUnits(own, units!));
  return {
    family,
    spec,
    bounds,
    networks,
    units,
    start: start.map(parametersOf),
    previous: previous.map(parametersOf),
    build: (parameters, { standardisation, linear }) =>
      family === 'mixture'
        ? new DensityEstimator(spec, standardisation, parameters[0]!, linear)
        : new AutoregressiveEstimator(spec, standardisation, bounds, parameters, linear),
  };
}

/**
 * The units of a family that starts afresh: the given standardisation, and the linear part of its training rows. A trace's
 * samples are left to the embedding.
 * @param z [n, F], t [n, D] standardised
 */
export function freshUnits(
  { family, spec }: FamilyPlan,
  standardisation: Standardisation,
  data: { z: Float64Array; t: Float64Array; weights: Float64Array; rows: Iterable<number> },
): Units {
  const triangle = family === 'mixture' ? 'upper' : 'lower';
  const features = spec.embedding ? 0 : spec.inputs;
  const linear = LinearPart.fit(data, features, spec.outputs, spec.indicators ?? [], triangle);
  return { standardisation, linear };
}

type SingleEstimator = DensityEstimator | AutoregressiveEstimator;

function membersOf(estimator: ConditionalEstimator | null): SingleEstimator[] {
  if (estimator instanceof StackedEstimator) return estimator.members.flatMap(membersOf);
  if (estimator instanceof DensityEstimator || estimator instanceof AutoregressiveEstimator)
    return [estimator];
  return [];
}

function parametersOf(estimator: SingleEstimator): readonly Float32Array[] {
  return estimator instanceof DensityEstimator ? [estimator.parameters] : estimator.parameters;
}

function boundsOf(estimator: SingleEstimator): Bounds | null {
  return estimator instanceof AutoregressiveEstimator ? estimator.bounds : null;
}

/** What must agree for weights to mean the same, beside the units. */
function shapeOf(
  family: DensityFamily,
  { inputs, indicators = [], outputs, hidden, components, variational, embedding }: NetworkSpec,
  bounds: Bounds | null,
): string {
  const shape = [inputs, indicators, outputs, hidden, components, variational];
  // Through the schema, so that the keys have one order.
  const reader = embedding ? embeddingSchema.parse(embedding) : null;
  const limits =
    family === 'bounded' ? [bounds!.low, bounds!.high].map((values) => Array.from(values, String)) : [];
  return JSON.stringify([family, shape, reader, limits]);
}

function sameUnits(a: Units, b: Units): boolean {
  const text = ({ standardisation, linear }: Units) => {
    const { xCentre, xBend, xMean, xSd, thetaMean, thetaSd } = standardisation;
    const scales = [xCentre, xBend, xMean, xSd, thetaMean, thetaSd].map((values) => [...values]);
    return JSON.stringify([scales, linear]);
  };
  return text(a) === text(b);
}
