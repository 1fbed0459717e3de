import { StackedEstimator } from './stacked-estimator.ts';
import { AutoregressiveEstimator, autoregressiveNetwork, type Bounds } from './autoregressive-estimator.ts';
import type { ConditionalEstimator, DensityFamily } from './conditional-estimator.ts';
import { embeddingSchema } from './embedding.ts';
import { DensityEstimator } from './estimator.ts';
import { densityNetwork, type NetworkDescription, type NetworkSpec } from './network.ts';
import type { Standardisation } from './standardisation.ts';
import type { TrainingRequest } from './training-request.ts';

/** A mixture of two bends and splits enough where its covariances are full; in one dimension ten normals make any shape. */
const defaultComponents = { mixture: 2, autoregressive: 10, bounded: 10 } as const;

/** A member of a family: what its networks are, and the estimator that they make. */
export interface Member {
  family: DensityFamily;
  spec: NetworkSpec;
  bounds: Bounds;
  networks: NetworkDescription[];
  /** Stored parameters of the networks in an estimator of the same shape and units, or null. */
  parametersIn(estimator: ConditionalEstimator | null, member: number): readonly Float32Array[] | null;
  build(parameters: readonly Float32Array[]): ConditionalEstimator;
}

/** The families that apply to a request, without repetition. */
export function applicableFamilies({ families, bounds, embedding }: TrainingRequest): DensityFamily[] {
  if (embedding) return ['mixture'];
  const bounded = [...bounds.low, ...bounds.high].some(Number.isFinite);
  const applicable = families.filter((family) => bounded || family !== 'bounded');
  return applicable.length > 0 ? [...new Set(applicable)] : ['autoregressive'];
}

export function planMember(request: TrainingRequest, family: DensityFamily): Member {
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
      : Array.from({ length: D }, (_, d) => autoregressiveNetwork(spec, standardisation, bounds, d));
  const fingerprint = shapeOf(family, spec, standardisation, bounds);
  return {
    family,
    spec,
    bounds,
    networks,
    parametersIn: (estimator, member) => {
      const own = membersOf(estimator).filter((other) => fingerprintOf(other) === fingerprint)[member];
      return own ? parametersOf(own) : null;
    },
    build: (parameters) =>
      family === 'mixture'
        ? new DensityEstimator(spec, standardisation, parameters[0]!)
        : new AutoregressiveEstimator(spec, standardisation, bounds, parameters),
  };
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

function fingerprintOf(estimator: SingleEstimator): string {
  const { family, spec, standardisation } = estimator;
  const bounds = estimator instanceof AutoregressiveEstimator ? estimator.bounds : null;
  return shapeOf(family, spec, standardisation, bounds);
}

/** What must agree for weights to mean the same. */
function shapeOf(
  family: DensityFamily,
  { inputs, indicators = [], outputs, hidden, components, variational, embedding }: NetworkSpec,
  { xCentre, xBend, xMean, xSd, thetaMean, thetaSd }: Standardisation,
  bounds: Bounds | null,
): string {
  const shape = [inputs, indicators, outputs, hidden, components, variational];
  // Through the schema, so that the keys have one order.
  const reader = embedding ? embeddingSchema.parse(embedding) : null;
  const units = [xCentre, xBend, xMean, xSd, thetaMean, thetaSd].map((values) => [...values]);
  const limits = family === 'bounded' ? [bounds!.low, bounds!.high].map((values) => [...values]) : [];
  return JSON.stringify([family, shape, reader, units, limits]);
}
