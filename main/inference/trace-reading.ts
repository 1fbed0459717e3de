import type { FitConfig } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import { binMeans, traceBins, type TraceBins } from '../features/trace.ts';
import { mean, standardDeviation } from '../numeric/statistics.ts';
import type { SimulationTask } from '../simulate/simulator-pool.ts';
import type { EmbeddingSpec } from '../train/embedding.ts';
import type { Problem } from './problem.ts';

/**
 * A fit whose network reads the trace itself: the feature set `trace` of a recording, or the features of a simulator module
 * taken as a sequence where network.embedding is given. After settling, such a fit is known by its network.embedding.
 */
export const readsTrace = (config: FitConfig): boolean => config.network.embedding !== null;

/**
 * Where no embedding is configured: 25 units [Lueckmann et al. 2017], behind filters where the trace is long. Three steps of the trace
 * are then one of the recurrent layer, which is what takes the time (docs/r-mdn.md).
 */
const usualEmbedding = { units: 25, filters: 16, kernel: 6, stride: 3 };
const mostRecurrentSteps = 250;

/**
 * Settles a recording's fit: the bins of the trace, and the network that reads it.
 * @param durationMs of the protocol
 * @param intervalMs the larger of the recording's sampling interval and the simulation's time step
 */
export function settleTrace(
  config: FitConfig,
  durationMs: number,
  intervalMs: number,
): { config: FitConfig; bins: TraceBins | null } {
  if (config.features.set !== 'trace') {
    if (!readsTrace(config)) return { config, bins: null };
    throw new AppError(
      'input-invalid',
      `network.embedding reads a trace, not the features of the set ${config.features.set}.`,
      { remedy: 'Choose the feature set trace, or leave network.embedding out.' },
    );
  }
  if (config.features.exclude.length > 0) {
    throw new AppError('input-invalid', 'No sample can be left out of a trace: it is read as a whole.', {
      remedy: 'Leave features.exclude empty with the feature set trace.',
    });
  }
  const bins = traceBins(durationMs, intervalMs, config.features.traceStepMs);
  const settled = settleEmbedding({
    ...config,
    features: { ...config.features, traceStepMs: bins.stepMs },
    network: {
      ...config.network,
      embedding: config.network.embedding ?? {
        kind: bins.samples > mostRecurrentSteps ? 'conv-gru' : 'gru',
        ...usualEmbedding,
      },
    },
  });
  return { config: settled, bins };
}

/** What a network with an embedding can be trained to. */
export function settleEmbedding(config: FitConfig): FitConfig {
  const { family } = config.network;
  if (config.algorithm === 'ibea') {
    throw new AppError('usage', 'A search has one objective a feature; a trace has none.', {
      remedy: 'Choose another feature set, or snpe, tsnpe or npe.',
    });
  }
  if (family === 'autoregressive' || family === 'bounded') {
    throw new AppError(
      'not-yet',
      `The density family ${family} behind an embedding is not in this version.`,
      {
        remedy: 'Leave network.family out, or choose mixture.',
      },
    );
  }
  return { ...config, network: { ...config.network, family: 'mixture' } };
}

/** The embedding of a problem's network, with the injected current as its second channel; null where it reads features. */
export function embeddingOf({ prepared, task, observed }: Problem): EmbeddingSpec | null {
  const { embedding } = prepared.config.network;
  return embedding && { ...embedding, current: currentChannel(task, observed.length) };
}

/** Mean current in each bin, standardised; [] where there is none or it never changes. */
function currentChannel(task: SimulationTask, samples: number): number[] {
  if (task.kind !== 'neuron' || !task.features.bins) return [];
  const current = new Float64Array(samples);
  binMeans(task.protocol.currentDensity, task.protocol.dtMs, task.features.bins, current, 0);
  const sd = standardDeviation(current);
  const centre = mean(current);
  return sd > 0 ? Array.from(current, (value) => (value - centre) / sd) : [];
}
