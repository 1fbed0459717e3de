import type { AppError } from '../contract/errors.ts';
import { createRandom } from '../numeric/random.ts';
import { boundedTargets } from './autoregressive-estimator.ts';
import type { ConditionalEstimator, DensityFamily } from './conditional-estimator.ts';
import { applicableFamilies, freshUnits, planFamily, type FamilyPlan, type Units } from './family.ts';
import { LossCurves } from './loss-curves.ts';
import { StackedEstimator } from './stacked-estimator.ts';
import { stackingWeights } from './stacking-weights.ts';
import { standardiseFeatures, standardiseParameters } from './standardisation.ts';
import { streams, type NetworkTask } from './train-network.ts';
import type { NetworkOutcome, PoolHooks } from './train-pool.ts';
import { heldOutRows, shuffle } from './training-loop.ts';
import {
  checkRequest,
  type FamilyScore,
  type TrainingRequest,
  type TrainingResult,
} from './training-request.ts';

/** After an epoch of any network. */
export interface TrainingProgress {
  /** Of that network */
  family: DensityFamily;
  /** Epochs that all networks of this family have done or ended before, and the losses of that epoch; 0 and null at first. */
  epoch: number;
  loss: number | null;
  validationLoss: number | null;
  networksDone: number;
  /** So far; the rest of an ensemble joins them when its family has been chosen. */
  networks: number;
}

interface PlannedFamily {
  plan: FamilyPlan;
  units: Units;
  curves: LossCurves;
  /** Of one member of an ensemble, whose first weights and order of minibatches have a number. */
  tasks(member: number): NetworkTask[];
}

interface Trained {
  family: PlannedFamily;
  estimator: ConditionalEstimator;
  score: FamilyScore;
}

/** Networks to be trained before it is known what comes next. */
export interface Stage extends Pick<PoolHooks, 'onEpoch' | 'onDone'> {
  tasks: readonly NetworkTask[];
}

/** A request as lists of networks to be trained, and what their outcomes make. */
export class Training {
  readonly #request: TrainingRequest;
  readonly #onEpoch: ((progress: TrainingProgress) => void) | undefined;
  /** [n] rows in random order, the last ones held out, for all families */
  readonly #order: Uint32Array;
  readonly #heldOut: number;
  readonly #heldOutRows: { x: Float64Array; theta: Float64Array; weights: Float64Array };
  readonly #families: PlannedFamily[];
  readonly #started = performance.now();
  #networks = 0;
  #done = 0;
  #skippedSteps = 0;

  /** @throws AppError see checkRequest */
  constructor(request: TrainingRequest, onEpoch?: (progress: TrainingProgress) => void) {
    checkRequest(request);
    this.#request = request;
    this.#onEpoch = onEpoch;
    const { weights, options } = request;
    const n = weights.length;
    this.#heldOut = heldOutRows(n, options.validationFraction);
    this.#order = new Uint32Array(new SharedArrayBuffer(4 * n));
    for (let row = 0; row < n; row++) this.#order[row] = row;
    shuffle(this.#order, n, createRandom(options.seed, options.stream, streams.split));
    const heldOut = this.#order.subarray(n - this.#heldOut);
    const taken = (values: Float64Array) => takeRows(values, values.length / n, heldOut);
    this.#heldOutRows = { x: taken(request.x), theta: taken(request.theta), weights: taken(weights) };
    this.#families = applicableFamilies(request).map((family, position) =>
      this.#plan(planFamily(request, family), position),
    );
  }

  /**
   * First one network (or one a parameter) of each family; then, when the best is known, the rest of its ensemble.
   * @throws AppError inference-failed where every family has a network that failed
   */
  *stages(): Generator<Stage, TrainingResult, readonly NetworkOutcome[]> {
    const first = this.#families.map((family) => family.tasks(0));
    const owners = this.#families.flatMap((family, i) =>
      first[i]!.map((_, network) => ({ family, network })),
    );
    const trained = this.#score(yield { tasks: first.flat(), ...this.#hooks(owners) });
    const { family } = trained[0]!;
    const more = Array.from({ length: this.#request.ensemble - 1 }, (_, i) => family.tasks(i + 1)).flat();
    if (more.length === 0) return this.#result(trained, []);
    const others = more.map(() => ({ family, network: null }));
    return this.#result(trained, yield { tasks: more, ...this.#hooks(others) });
  }

  /** The families whose networks all succeeded, the best first. */
  #score(outcomes: readonly NetworkOutcome[]): Trained[] {
    let start = 0;
    let failure: AppError | null = null;
    const trained = this.#families.flatMap((family): Trained[] => {
      const { plan, curves } = family;
      const own = outcomes.slice(start, (start += plan.networks.length));
      const failed = own.find((outcome) => 'failed' in outcome);
      if (failed) {
        failure ??= failed.failed;
        return [];
      }
      const results = own.filter(succeeded);
      const estimator = plan.build(
        results.map(({ parameters }) => parameters),
        family.units,
      );
      const score = {
        family: plan.family,
        components: plan.spec.components,
        heldOutLogScore: this.#heldOutScore(estimator),
        epochs: curves.epochs,
        seconds: results.reduce((sum, { seconds }) => sum + seconds, 0),
      };
      return [{ family, estimator, score }];
    });
    if (trained.length === 0) throw failure!;
    return trained.sort((a, b) => b.score.heldOutLogScore - a.score.heldOutLogScore);
  }

  #result(trained: readonly Trained[], further: readonly NetworkOutcome[]): TrainingResult {
    const { family, estimator: first, score: own } = trained[0]!;
    const { plan, units, curves } = family;
    const size = plan.networks.length;
    const members = [first];
    for (let i = 0; i < further.length; i += size) {
      // A member that failed is left out.
      const results = further.slice(i, i + size).filter(succeeded);
      if (results.length === size)
        members.push(
          plan.build(
            results.map(({ parameters }) => parameters),
            units,
          ),
        );
    }
    const estimator = members.length === 1 ? first : this.#stack(members);
    const seconds = further.reduce(
      (sum, outcome) => sum + ('failed' in outcome ? 0 : outcome.seconds),
      own.seconds,
    );
    const heldOutLogScore = members.length === 1 ? own.heldOutLogScore : this.#heldOutScore(estimator);
    const curve = (value: (epoch: number) => number) =>
      Float64Array.from({ length: curves.epochs }, (_, i) => value(i + 1));
    return {
      estimator,
      scores: [{ ...own, heldOutLogScore, seconds }, ...trained.slice(1).map(({ score }) => score)],
      loss: curves.best,
      validationLoss: -heldOutLogScore,
      epochs: curves.epochs,
      losses: curve((epoch) => curves.loss(epoch)),
      validationLosses: curve((epoch) => curves.validationLoss(epoch)),
      skippedSteps: this.#skippedSteps,
      seconds: (performance.now() - this.#started) / 1000,
    };
  }

  /** @param owners the family of each network, and which of its first member's it is */
  #hooks(
    owners: readonly { family: PlannedFamily; network: number | null }[],
  ): Pick<PoolHooks, 'onEpoch' | 'onDone'> {
    this.#networks += owners.length;
    return {
      onEpoch: (task, report) => {
        const { family, network } = owners[task]!;
        if (network !== null) {
          if (report.epoch === 1) family.curves.begin(network);
          family.curves.add(network, report);
        }
        this.#onEpoch?.(this.#progress(family));
      },
      onDone: (task, outcome) => {
        this.#done += 1;
        if ('failed' in outcome) return;
        this.#skippedSteps += outcome.skippedSteps;
        const { family, network } = owners[task]!;
        if (network !== null) family.curves.end(network, outcome);
      },
    };
  }

  #plan(plan: FamilyPlan, position: number): PlannedFamily {
    const { x, theta, weights, options, weightPrior, strict } = this.#request;
    const standardisation = plan.units?.standardisation ?? this.#request.standardisation;
    const z = standardiseFeatures(x, standardisation, new Float64Array(x.length));
    const t = standardiseParameters(theta, standardisation, new Float64Array(theta.length));
    const rows = this.#order.subarray(0, this.#order.length - this.#heldOut);
    const units = plan.units ?? freshUnits(plan, standardisation, { z, t, weights, rows });
    const { linear } = units;
    const residuals = linear.residuals(z, t);
    const data = {
      z: shared(z),
      r: shared(residuals.r),
      weights: shared(weights),
      order: this.#order,
      heldOut: this.#heldOut,
    };
    const targets = plan.networks.map(({ head }, d) => {
      if (plan.family === 'mixture') return data.r;
      if (head.kind === 'bounded-mixture')
        return shared(boundedTargets(plan.bounds, standardisation, linear, residuals, d));
      const D = plan.networks.length;
      return shared(residuals.r.filter((_, i) => i % D === d));
    });
    const batchSize = options.batchSize ?? usualBatchSize(rows.length);
    const tasks = (member: number) =>
      plan.networks.map((network, d) => ({
        network,
        data,
        given: d,
        targets: targets[d]!,
        start: plan.start[member]?.[d] ?? null,
        weightPrior: plan.previous[member]
          ? { previous: plan.previous[member][d]! }
          : { precision: weightPrior.precision },
        options: { ...options, batchSize, weightDecay: weightDecays[member % 2]! },
        index: (position * 64 + member) * 4096 + d,
        strict,
      }));
    // What the losses of residuals differ by from those in the parameters' own units.
    const logSds = standardisation.thetaSd.reduce((sum, sd) => sum + Math.log(sd), 0);
    const curves = new LossCurves(plan.networks.length, logSds + linear.logDeterminant);
    return { plan, units, curves, tasks };
  }

  #progress({ plan, curves }: PlannedFamily): TrainingProgress {
    const epoch = curves.complete;
    const known = epoch > 0;
    return {
      family: plan.family,
      epoch,
      loss: known ? curves.loss(epoch) : null,
      validationLoss: known ? curves.validationLoss(epoch) : null,
      networksDone: this.#done,
      networks: this.#networks,
    };
  }

  #stack(members: readonly ConditionalEstimator[]): ConditionalEstimator {
    const { x, theta, weights } = this.#heldOutRows;
    const shares = stackingWeights(
      members.map((member) => member.logDensityAt(x, theta)),
      weights,
    );
    const kept = members.filter((_, i) => shares[i]! > 0);
    return kept.length === 1
      ? kept[0]!
      : new StackedEstimator(kept, shares.filter((share) => share > 0).map(Math.log));
  }

  /** The mean weighted log q(θ|x) of an estimator over the held-out rows. */
  #heldOutScore(estimator: ConditionalEstimator): number {
    const { x, theta, weights } = this.#heldOutRows;
    const logQ = estimator.logDensityAt(x, theta);
    let sum = 0;
    // A weight of 0 takes out even −Infinity.
    for (const [i, weight] of weights.entries()) if (weight > 0) sum += weight * logQ[i]!;
    return sum / weights.reduce((total, weight) => total + weight, 0);
  }
}

/** Of the first network of an ensemble and every other one, and of those between; which counts is left to the held-out rows. */
const weightDecays = [0, 300];

/**
 * Minibatches of a fortieth of the rows, 20 to 100: small fits need steps more than they need smooth ones. From 20,000 rows on
 * a two-hundredth: then an epoch has steps enough.
 */
function usualBatchSize(rows: number): number {
  return Math.max(Math.min(100, Math.max(20, Math.round(rows / 40))), Math.round(rows / 200));
}

function takeRows(values: Float64Array, width: number, rows: Uint32Array): Float64Array {
  const taken = new Float64Array(rows.length * width);
  rows.forEach((row, i) => taken.set(values.subarray(row * width, (row + 1) * width), i * width));
  return taken;
}

function succeeded(outcome: NetworkOutcome): outcome is Exclude<NetworkOutcome, { failed: AppError }> {
  return !('failed' in outcome);
}

/** float32 in memory that the workers share. */
function shared(values: Float64Array): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(4 * values.length));
  copy.set(values);
  return copy;
}
