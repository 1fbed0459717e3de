import type { Handlers } from '../contract/api.ts';
import { PriorPreviews } from '../inference/prior-preview.ts';
import { AppError } from '../contract/errors.ts';
import { modelEquations } from '../model/equations.ts';
import { listModels, loadModel, modelSummary } from '../model/neuron-model.ts';
import { estimateMembrane } from '../recording/membrane.ts';
import type { OpenRecording, RecordingCache } from './recording-cache.ts';

type Part = Pick<Handlers, 'model.list' | 'model.load' | 'model.equations' | 'model.preview'>;

/** Models, and what their priors look like over an open recording. */
export class ModelService {
  readonly #recordings: RecordingCache;
  readonly #previews = new PriorPreviews();
  /** Measuring it reads many sweeps; an open recording's does not change. */
  readonly #capacitances = new WeakMap<OpenRecording, Promise<number | null>>();

  constructor(recordings: RecordingCache) {
    this.#recordings = recordings;
  }

  close(): Promise<void> {
    return this.#previews.close();
  }

  handlers(): Part {
    return {
      'model.list': listModels,
      'model.load': async ({ path }) => modelSummary(await loadModel(path)),
      'model.equations': async ({ model }) => modelEquations((await loadModel(model)).file),
      'model.preview': (request) => {
        const { config } = request;
        const { source } = config;
        if (source === null || !('recording' in source)) {
          throw new AppError('usage', 'The prior is drawn over a recorded sweep, and none is chosen.', {
            remedy: 'Open a recording first.',
          });
        }
        return this.#recordings.use({ path: source.recording, reading: config.cell }, async (opened) => {
          const capacitancePf = config.cell.capacitancePf ?? (await this.#capacitanceOf(opened));
          const cell = { ...config.cell, capacitancePf };
          // Features are not asked for, and those of a trace have no list.
          const features = { ...config.features, set: 'moments' as const, exclude: [] };
          return this.#previews.simulate({ ...request, config: { ...config, cell, features } }, opened);
        });
      },
    };
  }

  #capacitanceOf(opened: OpenRecording): Promise<number | null> {
    const known = this.#capacitances.get(opened);
    if (known) return known;
    const measured = estimateMembrane(opened.recording).then((membrane) => membrane?.capacitancePf ?? null);
    this.#capacitances.set(opened, measured);
    return measured;
  }
}
