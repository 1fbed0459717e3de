import { AppError } from '../contract/errors.ts';
import { createRandom } from '../numeric/random.ts';
import type { ConditionalEstimator, DensityFamily } from './conditional-estimator.ts';
import { applicableFamilies, planMember, type Member } from './family.ts';
import { LossCurves } from './loss-curves.ts';
import { StackedEstimator } from './stacked-estimator.ts';
import { standardiseFeatures, standardiseParameters } from './standardisation.ts';
import { streams, type NetworkData, type NetworkTask } from './train-network.ts';
import { trainHere, trainNetworks, type NetworkOutcome, type PoolHooks } from './train-pool.ts';
import { heldOutRows, shuffle } from './training-loop.ts';
import {
  checkRequest,
  type FamilyScore,
  type TrainingRequest,
  type TrainingResult,
} from './training-request.ts';

export { trainEstimator } from './train-estimator.ts';
export type { TrainingOptions, TrainingRequest, TrainingResult } from './training-request.ts';

/** After an epoch of any network. */
export interface TrainingProgress {
  /** Of that network */
  family: DensityFamily;
  /** Epochs that all networks of this family have done or ended before, and the losses of that epoch; 0 and null at first. */
  epoch: number;
  loss: number | null;
  validationLoss: number | null;
  networksDone: number;
  networks: number;
}

export interface TrainingHooks {
  /** Worker threads at once. */
  cores: number;
  signal?: AbortSignal;
  onEpoch?: (progress: TrainingProgress) => void;
}

/**
 * Trains all families that apply, every network in a worker thread of its own, and takes the one whose held-out rows are
 * most probable: mean weighted log q(θ|x), in nats over the working parameters, with the same rows held out for all. See
 * runTraining for the schedule. The same request gives the same result, whatever the number of cores.
 * Loss of a network: −mean(w_n log q(θ_n|x_n)) + KL/N, N the rows trained on [SNPE].
 * @throws AppError cancelled (between any two minibatches), inference-failed where no family could be trained
 */
export async function trainBest(request: TrainingRequest, hooks: TrainingHooks): Promise<TrainingResult> {
  const training = new Training(request, hooks.onEpoch);
  const { cores, signal } = hooks;
  return training.choose(
    await trainNetworks(training.tasks, { ...training.hooks, cores, ...(signal ? { signal } : {}) }),
  );
}

/** As trainBest, one network after the other in this thread. */
export function trainInThisThread(
  request: TrainingRequest,
  onEpoch?: (progress: TrainingProgress) => void,
): TrainingResult {
  const training = new Training(request, onEpoch);
  return training.choose(trainHere(training.tasks, training.hooks));
}

interface FamilyPlan {
  member: Member;
  curves: LossCurves;
  /** Its networks' tasks are tasks[first … first + ensemble · networks), member after member. */
  first: number;
}

class Training {
  readonly tasks: NetworkTask[] = [];
  readonly hooks: Pick<PoolHooks, 'onEpoch' | 'onDone'>;
  readonly #request: TrainingRequest;
  readonly #data: NetworkData;
  readonly #families: FamilyPlan[];
  readonly #started = performance.now();
  #done = 0;

  constructor(request: TrainingRequest, onEpoch: ((progress: TrainingProgress) => void) | undefined) {
    checkRequest(request);
    this.#request = request;
    this.#data = networkData(request);
    const logSds = request.standardisation.thetaSd.reduce((sum, sd) => sum + Math.log(sd), 0);
    this.#families = applicableFamilies(request).map((family, position) => {
      const member = planMember(request, family);
      const first = this.tasks.length;
      for (let i = 0; i < request.ensemble; i++) this.tasks.push(...this.#memberTasks(member, position, i));
      const curves = new LossCurves(this.tasks.length - first, request.ensemble, logSds);
      return { member, curves, first };
    });
    this.hooks = {
      onEpoch: (task, report) => {
        const plan = this.#familyOf(task);
        plan.curves.add(task - plan.first, report);
        onEpoch?.(this.#progress(plan));
      },
      onDone: (task, outcome) => {
        this.#done += 1;
        const plan = this.#familyOf(task);
        if (!('failed' in outcome)) plan.curves.end(task - plan.first, outcome);
      },
    };
  }

  /** @throws AppError inference-failed where every family has a network that failed */
  choose(outcomes: readonly NetworkOutcome[]): TrainingResult {
    const heldOut = heldOutSet(this.#request, this.#data);
    let failure: AppError | null = null;
    const trained = this.#families.flatMap((plan) => {
      const own = outcomes.slice(plan.first, plan.first + this.#networks(plan));
      const failed = own.find((outcome) => 'failed' in outcome);
      if (failed) {
        failure ??= failed.failed;
        return [];
      }
      const results = own as Exclude<NetworkOutcome, { failed: AppError }>[];
      const estimator = this.#estimator(
        plan,
        results.map(({ parameters }) => parameters),
      );
      const score: FamilyScore = {
        family: plan.member.family,
        components: plan.member.spec.components,
        heldOutLogScore: heldOut.score(estimator),
        epochs: plan.curves.epochs,
        seconds: results.reduce((sum, { seconds }) => sum + seconds, 0),
      };
      const skippedSteps = results.reduce((sum, result) => sum + result.skippedSteps, 0);
      return [{ plan, estimator, score, skippedSteps }];
    });
    const [best] = trained.sort((a, b) => b.score.heldOutLogScore - a.score.heldOutLogScore);
    if (!best)
      throw failure ?? new AppError('internal', 'No network was trained.', { remedy: 'Please report this.' });
    const { curves } = best.plan;
    const curve = (value: (epoch: number) => number) =>
      Float64Array.from({ length: curves.epochs }, (_, i) => value(i + 1));
    return {
      estimator: best.estimator,
      scores: trained.map(({ score }) => score),
      loss: curves.best,
      validationLoss: -best.score.heldOutLogScore,
      epochs: curves.epochs,
      losses: curve((epoch) => curves.loss(epoch)),
      validationLosses: curve((epoch) => curves.validationLoss(epoch)),
      skippedSteps: trained.reduce((sum, { skippedSteps }) => sum + skippedSteps, 0),
      seconds: (performance.now() - this.#started) / 1000,
    };
  }

  #memberTasks({ family, networks, parametersIn }: Member, position: number, member: number): NetworkTask[] {
    const { options, weightPrior, start, strict } = this.#request;
    const starts = parametersIn(start, member);
    const previous = parametersIn(weightPrior.previous, member);
    return networks.map((network, d) => ({
      network,
      data: this.#data,
      given: d,
      targets: family === 'mixture' ? this.#data.parameters : 1,
      start: starts?.[d] ?? null,
      weightPrior: previous ? { previous: previous[d]! } : { precision: weightPrior.precision },
      options,
      index: (position * 64 + member) * 4096 + d,
      strict,
    }));
  }

  #estimator({ member }: FamilyPlan, parameters: Float32Array[]): ConditionalEstimator {
    const size = member.networks.length;
    const members = Array.from({ length: this.#request.ensemble }, (_, i) =>
      member.build(parameters.slice(i * size, (i + 1) * size)),
    );
    return members.length === 1
      ? members[0]!
      : new StackedEstimator(members, new Float64Array(members.length));
  }

  #networks({ member }: FamilyPlan): number {
    return member.networks.length * this.#request.ensemble;
  }

  #familyOf(task: number): FamilyPlan {
    return this.#families.findLast(({ first }) => first <= task)!;
  }

  #progress({ member, curves }: FamilyPlan): TrainingProgress {
    const epoch = curves.complete;
    const known = epoch > 0;
    return {
      family: member.family,
      epoch,
      loss: known ? curves.loss(epoch) : null,
      validationLoss: known ? curves.validationLoss(epoch) : null,
      networksDone: this.#done,
      networks: this.tasks.length,
    };
  }
}

function networkData({ x, theta, weights, standardisation, options }: TrainingRequest): NetworkData {
  const n = weights.length;
  const shared = (length: number) => new Float32Array(new SharedArrayBuffer(4 * length));
  const copied = (values: Float64Array) => {
    const copy = shared(values.length);
    copy.set(values);
    return copy;
  };
  const order = new Uint32Array(new SharedArrayBuffer(4 * n));
  for (let row = 0; row < n; row++) order[row] = row;
  shuffle(order, n, createRandom(options.seed, options.stream, streams.split));
  return {
    features: standardisation.xMean.length,
    parameters: standardisation.thetaMean.length,
    z: standardiseFeatures(x, standardisation, shared(x.length)),
    t: standardiseParameters(theta, standardisation, shared(theta.length)),
    weights: copied(weights),
    order,
    heldOut: heldOutRows(n, options.validationFraction),
  };
}

/** The held-out rows, and the mean weighted log q(θ|x) of an estimator over them. */
function heldOutSet(
  { x, theta, weights }: TrainingRequest,
  { order, heldOut, features: F, parameters: D }: NetworkData,
) {
  const rows = order.subarray(order.length - heldOut);
  const xs = new Float64Array(heldOut * F);
  const thetas = new Float64Array(heldOut * D);
  rows.forEach((row, i) => {
    xs.set(x.subarray(row * F, (row + 1) * F), i * F);
    thetas.set(theta.subarray(row * D, (row + 1) * D), i * D);
  });
  const total = rows.reduce((sum, row) => sum + weights[row]!, 0);
  return {
    score: (estimator: ConditionalEstimator): number => {
      const logQ = estimator.logDensityAt(xs, thetas);
      let sum = 0;
      rows.forEach((row, i) => {
        // A weight of 0 takes out even −Infinity.
        if (weights[row]! > 0) sum += weights[row]! * logQ[i]!;
      });
      return sum / total;
    },
  };
}
