import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allFeatures } from '../../main/features/all-features.ts';
import { inspectRecording } from '../../main/features/inspection.ts';
import { featureInput } from '../../main/features/observed.ts';
import type { FeatureInput } from '../../main/features/feature.ts';
import type { Python } from './python.ts';

const root = join(import.meta.dirname, '../..');
const folders = [
  'test/reference/data/recordings',
  'test/reference/data/recordings/abf',
  'resources/examples',
];

/** A sweep as we measure it and as eFEL does, by our names; null = not defined. */
export interface ComparedSweep {
  file: string;
  sweep: number;
  stepPa: number;
  ours: Record<string, number | null>;
  plain: Record<string, number | null>;
  matched: Record<string, number | null>;
}

/** Measures every usable sweep of every recording that the tests have, here and with eFEL. */
export async function compareWithEfel(python: Python): Promise<{ version: string; sweeps: ComparedSweep[] }> {
  const inputs: { file: string; sweep: number; input: FeatureInput }[] = [];
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder)).filter((one) => /\.(nwb|abf)$/.test(one))) {
      const { recording, inspection } = await inspectRecording(join(root, folder, name));
      for (const { sweep } of inspection.sweeps.filter((one) => one.usable)) {
        inputs.push({ file: name, sweep, input: await featureInput(recording, sweep, 0) });
      }
      await recording.close();
    }
  }
  const place = mkdtempSync(join(tmpdir(), 'chronaxie-efel-'));
  try {
    const listed = inputs.map(({ input }) => ({
      dtMs: input.dtMs,
      samples: input.voltageMv.length,
      startMs: input.stepStartMs,
      endMs: input.stepEndMs,
      stepPa: input.stepAmplitude,
    }));
    writeFileSync(join(place, 'sweeps.json'), JSON.stringify(listed));
    const bytes = inputs.map(({ input }) => Buffer.from(Float64Array.from(input.voltageMv).buffer));
    writeFileSync(join(place, 'voltages.bin'), Buffer.concat(bytes));
    type Answer = Pick<ComparedSweep, 'plain' | 'matched'>;
    const answer = python.json<{ version: string; sweeps: Answer[] }>(
      'features.py',
      join(place, 'sweeps.json'),
      join(place, 'voltages.bin'),
    );
    const sweeps = inputs.map(({ file, sweep, input }, i) => ({
      ...{ file, sweep, stepPa: input.stepAmplitude, ours: measured(input) },
      ...answer.sweeps[i]!,
    }));
    return { version: answer.version, sweeps };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function measured(input: FeatureInput): Record<string, number | null> {
  const values = new Float64Array(allFeatures.definitions.length);
  allFeatures.compute(input, values, 0);
  return Object.fromEntries(
    allFeatures.definitions.map(({ name, recorded }, f) => {
      const value = values[f]! * (recorded?.factor ?? 1);
      return [name, Number.isNaN(value) ? null : value];
    }),
  );
}
