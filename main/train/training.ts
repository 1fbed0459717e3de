import type { AppError } from '../contract/errors.ts';
import { createRandom } from '../numeric/random.ts';
import { boundedTargets } from './autoregressive-estimator.ts';
import type { ConditionalEstimator, DensityFamily } from './conditional-estimator.ts';
import { applicableFamilies, freshUnits, planFamily, type FamilyPlan, type Units } from './family.ts';
import { LossCurves } from './loss-curves.ts';
import { StackedEstimator } from './stacked-estimator.ts';
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
  networks: number;
}

interface PlannedFamily {
  plan: FamilyPlan;
  units: Units;
  curves: LossCurves;
  /** Its networks' tasks are tasks[first … first + ensemble · networks), member after member. */
  first: number;
}

/** A request as the list of networks to be trained, and what their outcomes make. */
export class Training {
  readonly tasks: NetworkTask[] = [];
  readonly hooks: Pick<PoolHooks, 'onEpoch' | 'onDone'>;
  readonly #request: TrainingRequest;
  /** [n] rows in random order, the last ones held out, for all families */
  readonly #order: Uint32Array;
  readonly #heldOut: number;
  readonly #families: PlannedFamily[];
  readonly #started = performance.now();
  #done = 0;

  /** @throws AppError see checkRequest */
  constructor(request: TrainingRequest, onEpoch?: (progress: TrainingProgress) => void) {
    checkRequest(request);
    this.#request = request;
    const { weights, options, ensemble } = request;
    const n = weights.length;
    this.#heldOut = heldOutRows(n, options.validationFraction);
    this.#order = new Uint32Array(new SharedArrayBuffer(4 * n));
    for (let row = 0; row < n; row++) this.#order[row] = row;
    shuffle(this.#order, n, createRandom(options.seed, options.stream, streams.split));
    this.#families = applicableFamilies(request).map((family, position) => {
      const plan = planFamily(request, family);
      const first = this.tasks.length;
      const { units, tasks, logScale } = this.#plan(plan, position);
      this.tasks.push(...tasks);
      return { plan, units, first, curves: new LossCurves(tasks.length, ensemble, logScale) };
    });
    this.hooks = {
      onEpoch: (task, report) => {
        const family = this.#familyOf(task);
        family.curves.add(task - family.first, report);
        onEpoch?.(this.#progress(family));
      },
      onDone: (task, outcome) => {
        this.#done += 1;
        const family = this.#familyOf(task);
        if (!('failed' in outcome)) family.curves.end(task - family.first, outcome);
      },
    };
  }

  /** @throws AppError inference-failed where every family has a network that failed */
  choose(outcomes: readonly NetworkOutcome[]): TrainingResult {
    const heldOut = this.#heldOutSet();
    let failure: AppError | null = null;
    const trained = this.#families.flatMap((family) => {
      const { plan, units, first, curves } = family;
      const own = outcomes.slice(first, first + plan.networks.length * this.#request.ensemble);
      const failed = own.find((outcome) => 'failed' in outcome);
      if (failed) {
        failure ??= failed.failed;
        return [];
      }
      const results = own as Exclude<NetworkOutcome, { failed: AppError }>[];
      const estimator = this.#build(
        plan,
        units,
        results.map(({ parameters }) => parameters),
      );
      const score: FamilyScore = {
        family: plan.family,
        components: plan.spec.components,
        heldOutLogScore: heldOut(estimator),
        epochs: curves.epochs,
        seconds: results.reduce((sum, { seconds }) => sum + seconds, 0),
      };
      const skippedSteps = results.reduce((sum, result) => sum + result.skippedSteps, 0);
      return [{ curves, estimator, score, skippedSteps }];
    });
    const [best] = trained.sort((a, b) => b.score.heldOutLogScore - a.score.heldOutLogScore);
    if (!best) throw failure!;
    const { curves, estimator, score } = best;
    const curve = (value: (epoch: number) => number) =>
      Float64Array.from({ length: curves.epochs }, (_, i) => value(i + 1));
    return {
      estimator,
      scores: trained.map(({ score: own }) => own),
      loss: curves.best,
      validationLoss: -score.heldOutLogScore,
      epochs: curves.epochs,
      losses: curve((epoch) => curves.loss(epoch)),
      validationLosses: curve((epoch) => curves.validationLoss(epoch)),
      skippedSteps: trained.reduce((sum, { skippedSteps }) => sum + skippedSteps, 0),
      seconds: (performance.now() - this.#started) / 1000,
    };
  }

  /** The tasks of a family, and what its standardised losses differ by from those in the parameters' own units. */
  #plan(plan: FamilyPlan, position: number): { units: Units; tasks: NetworkTask[]; logScale: number } {
    const { x, theta, weights, options, weightPrior, ensemble, strict } = this.#request;
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
    const members = Array.from({ length: ensemble }, (_, member) =>
      plan.networks.map((network, d) => ({
        network,
        data,
        given: d,
        targets: targets[d]!,
        start: plan.start[member]?.[d] ?? null,
        weightPrior: plan.previous[member]
          ? { previous: plan.previous[member][d]! }
          : { precision: weightPrior.precision },
        options,
        index: (position * 64 + member) * 4096 + d,
        strict,
      })),
    );
    const logSds = standardisation.thetaSd.reduce((sum, sd) => sum + Math.log(sd), 0);
    return { units, tasks: members.flat(), logScale: logSds + linear.logDeterminant };
  }

  #build({ networks, build }: FamilyPlan, units: Units, parameters: Float32Array[]): ConditionalEstimator {
    const size = networks.length;
    const members = Array.from({ length: this.#request.ensemble }, (_, i) =>
      build(parameters.slice(i * size, (i + 1) * size), units),
    );
    return members.length === 1
      ? members[0]!
      : new StackedEstimator(members, new Float64Array(members.length));
  }

  #familyOf(task: number): PlannedFamily {
    return this.#families.findLast(({ first }) => first <= task)!;
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
      networks: this.tasks.length,
    };
  }

  /** The mean weighted log q(θ|x) of an estimator over the held-out rows. */
  #heldOutSet(): (estimator: ConditionalEstimator) => number {
    const { x, theta, weights } = this.#request;
    const rows = this.#order.subarray(this.#order.length - this.#heldOut);
    const [F, D] = [x.length / weights.length, theta.length / weights.length];
    const xs = new Float64Array(rows.length * F);
    const thetas = new Float64Array(rows.length * D);
    rows.forEach((row, i) => {
      xs.set(x.subarray(row * F, (row + 1) * F), i * F);
      thetas.set(theta.subarray(row * D, (row + 1) * D), i * D);
    });
    const total = rows.reduce((sum, row) => sum + weights[row]!, 0);
    return (estimator) => {
      const logQ = estimator.logDensityAt(xs, thetas);
      let sum = 0;
      rows.forEach((row, i) => {
        // A weight of 0 takes out even −Infinity.
        if (weights[row]! > 0) sum += weights[row]! * logQ[i]!;
      });
      return sum / total;
    };
  }
}

/** float32 in memory that the workers share. */
function shared(values: Float64Array): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(4 * values.length));
  copy.set(values);
  return copy;
}
