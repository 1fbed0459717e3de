import type { Handlers } from '../contract/api.ts';
import { featureSetSchema, type FeatureSetName } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import { locatedFeatures, observedFamily } from '../features/observed.ts';
import { suggestSweep } from '../features/inspection.ts';
import { featureSet } from '../features/feature-set.ts';
import { estimateMembrane } from '../recording/membrane.ts';
import { traceView } from '../recording/trace-view.ts';
import { exampleConfig, exampleRecording } from './app-root.ts';
import type { RecordingCache } from './recording-cache.ts';

type Part = Pick<
  Handlers,
  | 'recording.example'
  | 'recording.outline'
  | 'recording.inspect'
  | 'recording.traces'
  | 'recording.features'
  | 'recording.family'
>;

export function recordingService(recordings: RecordingCache): Part {
  return {
    'recording.example': () => {
      const path = exampleRecording();
      if (path !== null) return Promise.resolve({ path, config: exampleConfig() });
      return Promise.reject(
        new AppError('file-not-found', 'This installation has no example recording.', {
          remedy: 'Open a recording of your own, or install Chronaxie again.',
        }),
      );
    },

    'recording.outline': (wanted) => recordings.useBegun(wanted, async ({ outline }) => outline),

    'recording.inspect': (wanted) =>
      recordings.use(wanted, async ({ recording, inspection }) => ({
        inspection,
        likelyUnits: recording.likelyUnits,
        membrane: inspection.sweeps.some((sweep) => sweep.usable) ? await estimateMembrane(recording) : null,
        suggestedSweep: suggestSweep(inspection),
      })),

    'recording.traces': ({ sweeps, startMs, endMs, columns, ...wanted }) =>
      recordings.useBegun(wanted, ({ outline, readSweep }) =>
        traceView({ sweeps: outline.sweeps, readSweep }, sweeps, startMs, endMs, columns),
      ),

    'recording.features': ({ sweep, set, liquidJunctionMv, ...wanted }) =>
      recordings.use(wanted, ({ recording }) =>
        locatedFeatures(recording, sweep, featureSet(featureSetName(set)), liquidJunctionMv),
      ),

    'recording.family': ({ liquidJunctionMv, ...wanted }) =>
      recordings.use(wanted, ({ recording }) => observedFamily(recording, liquidJunctionMv)),
  };
}

/** A feature set's name as typed; an unknown one is refused with the names that exist. */
export function featureSetName(name: string): FeatureSetName {
  const known = featureSetSchema.safeParse(name);
  if (known.success) return known.data;
  throw new AppError('usage', `There is no feature set “${name}”.`, {
    remedy: `Choose one of ${featureSetSchema.options.join(', ')}.`,
  });
}
