import { isDeepStrictEqual } from 'node:util';
import type { FitConfig } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import { TruncatedDensity } from '../density/truncated.ts';
import type { Protocol } from '../simulate/protocol.ts';
import { estimatorFromBytes } from '../train/stacked-estimator.ts';
import type { FitStore, PilotRecord, RoundRecord } from './fit-store.ts';
import { prepareProblem, type Problem } from './problem.ts';

/**
 * An amortised network is a function of the features alone (npe: one round from the prior): it serves every recording made with the
 * protocol that it was trained for.
 */
export interface SharedNetwork {
  /** The run that trained it. */
  id: string;
  round: RoundRecord;
  pilot: PilotRecord;
}

/** A finished run of npe, and where its recording lies now, where it may have been moved since. */
export interface NetworkSource {
  id: string;
  recording: string | null;
}

/** Of the largest current density: less than the current of an amplifier is known by. */
const currentTolerance = 0.01;
/** The model relaxes from its first voltage before the step begins; cells at rest differ by this much within one sweep. */
const initialToleranceMv = 2;

/**
 * Why a network that was trained for one problem does not serve another; null where it does.
 * @param other what it is asked for
 */
export function whyNotShared(trained: Problem, other: Problem): string | null {
  if (!isDeepStrictEqual(forNetwork(trained.prepared.config), forNetwork(other.prepared.config)))
    return 'the configurations differ';
  const [a, b] = [trained.task, other.task];
  if (a.kind === 'module' || b.kind === 'module') {
    return isDeepStrictEqual(a, b) ? null : 'the simulators differ';
  }
  const protocols = ({ task }: { task: typeof a }) => [task.protocol, ...(task.sweeps?.others ?? []).map((o) => o.protocol)]; // prettier-ignore
  const [of, against] = [protocols({ task: a }), protocols({ task: b })];
  if (of.length !== against.length) return 'the numbers of sweeps differ';
  for (const [i, protocol] of of.entries()) {
    const difference = protocolDifference(protocol, against[i]!);
    if (difference !== null) return difference;
  }
  if (!isDeepStrictEqual(a.features, b.features)) return 'the features differ';
  const isMissing = ({ observed }: Problem) => [...observed].map(Number.isNaN);
  // What the observation lacks and simulations have is hidden from the network while it is trained.
  if (!isDeepStrictEqual(isMissing(trained), isMissing(other))) return 'other features are missing';
  return null;
}

/** Everything but where the data are and what belongs to the one cell; that is compared as the simulator sees it. */
function forNetwork(config: FitConfig): Partial<FitConfig> {
  const own = ['source', 'seed', 'workers', 'cell'];
  return Object.fromEntries(Object.entries(config).filter(([key]) => !own.includes(key)));
}

function protocolDifference(a: Protocol, b: Protocol): string | null {
  if (a.dtMs !== b.dtMs || a.steps !== b.steps) return 'the durations or time steps differ';
  if (a.stepStartMs !== b.stepStartMs || a.stepEndMs !== b.stepEndMs)
    return 'the steps begin or end at other times';
  const largest = a.currentDensity.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (
    a.currentDensity.some((value, i) => Math.abs(value - b.currentDensity[i]!) > currentTolerance * largest)
  ) {
    const density = (protocol: Protocol) => protocol.stepAmplitude.toPrecision(3);
    return `the currents differ (steps of ${density(a)} and ${density(b)} µA/cm²; with one cell.capacitancePf for all cells, equal currents are equal densities)`;
  }
  if (Math.abs(a.initialMv - b.initialMv) > initialToleranceMv)
    return `the sweeps begin at ${a.initialMv.toFixed(1)} and ${b.initialMv.toFixed(1)} mV`;
  return null;
}

/**
 * The first of the runs whose network serves this problem, and why the others' do not.
 */
export async function findSharedNetwork(
  store: FitStore,
  sources: readonly NetworkSource[],
  problem: Problem,
  signal?: AbortSignal,
): Promise<{ network: SharedNetwork | null; reasons: string[] }> {
  const reasons: string[] = [];
  for (const { id, recording } of sources) {
    const prepared = store.prepared(id);
    const [round] = store.rounds(id);
    const pilot = store.pilot(id);
    if (prepared === null || round === undefined || pilot === null) continue;
    try {
      const { config } = prepared;
      const reason = whyNotShared(await prepareProblem(movedTo(recording, config), signal), problem);
      if (reason === null) return { network: { id, round, pilot }, reasons };
      reasons.push(reason);
    } catch (thrown) {
      signal?.throwIfAborted();
      reasons.push(AppError.from(thrown).message.replace(/\.$/, '')); // its recording is gone, for one
    }
  }
  return { network: null, reasons };
}

function movedTo(recording: string | null, config: FitConfig): FitConfig {
  const { source } = config;
  if (recording === null || source === null || !('recording' in source)) return config;
  return { ...config, source: { ...source, recording } };
}

/** The round of the run that trained the network, for another observation: nothing is simulated, nothing trained. */
export function roundWithSharedNetwork({ id, round }: SharedNetwork, problem: Problem): RoundRecord {
  const estimate = estimatorFromBytes(round.estimator).condition(problem.observed);
  const { acceptance } = new TruncatedDensity(estimate, problem.coordinates.prior);
  const seconds = { simulate: 0, train: 0 };
  return {
    ...round,
    report: { ...round.report, acceptance, seconds, networkOf: round.report.networkOf ?? id },
    posterior: JSON.stringify(estimate.toJSON()),
  };
}
