import { stringify } from 'csv-stringify/sync';
import { AppError } from '../contract/errors.ts';
import { numberRanges } from '../contract/number-ranges.ts';
import type { FamilyFeature, FeatureValue, Inspection } from '../contract/recording.ts';
import { featureSet } from '../features/feature-set.ts';
import { inspectRecording } from '../features/inspection.ts';
import { featureValues, observedFamily } from '../features/observed.ts';
import { withColumns } from './cli-columns.ts';
import { command, jsonOption, severalWhole, type CommonOptions } from './cli-command.ts';
import { mapOption, type MapOption } from './cli-map-option.ts';
import { say, sayJson, tell } from './cli-output.ts';
import { figure, plainTable } from './cli-tables.ts';
import { writeOutput } from './output-file.ts';
import { featureSetName } from './recording-service.ts';

interface Options extends CommonOptions, MapOption {
  sweep?: number[];
  set: string;
  csv?: string;
}
interface SweepFeatures {
  sweep: number;
  features: FeatureValue[];
}

export const featuresCommand = () =>
  command('features', 'compute the features of sweeps')
    .argument('<recording>', 'a recording (NWB, ABF, HDF5, CSV, TSV)')
    .addOption(mapOption())
    .option('--sweep <number...>', 'only these sweeps (else every usable one)', severalWhole)
    .option('--set <name>', 'the feature set', 'moments')
    .option('--csv <file>', 'write them as CSV, one row a sweep')
    .addOption(jsonOption())
    .action(async (path: string, options: Options) => {
      const set = featureSet(featureSetName(options.set));
      const { recording, inspection } = await withColumns(path, options, (reading) =>
        inspectRecording(path, { reading }),
      );
      const found: SweepFeatures[] = [];
      let family: FamilyFeature[];
      try {
        const sweeps = chosenSweeps(inspection, options.sweep);
        for (const sweep of sweeps) {
          found.push({ sweep, features: await featureValues(recording, sweep, set, 0) });
        }
        family = await observedFamily(recording, 0, sweeps);
      } finally {
        await recording.close();
      }
      if (options.csv !== undefined) {
        await writeOutput(options.csv, [csv(found)]);
        tell(`Wrote ${options.csv}.`);
      }
      if (options.json) sayJson({ file: inspection.file, set: set.name, sweeps: found, family });
      else if (options.csv === undefined) {
        print(found);
        if (found.length > 1) printFamily(family);
      }
    });

function chosenSweeps(inspection: Inspection, wanted: number[] | undefined): number[] {
  const usable = inspection.sweeps.filter((sweep) => sweep.usable).map((sweep) => sweep.sweep);
  if (usable.length === 0) {
    const reason = inspection.sweeps[0]?.reason ?? inspection.warnings[0]?.message ?? 'it holds no sweep.';
    throw new AppError('recording-unusable', `${inspection.file} has no usable sweep: ${reason}`, {
      remedy: 'Choose a current-clamp recording with its stimulus.',
    });
  }
  for (const number of wanted ?? []) {
    if (usable.includes(number)) continue;
    const sweep = inspection.sweeps.find((candidate) => candidate.sweep === number);
    throw new AppError(
      'input-invalid',
      sweep
        ? `Sweep ${number} of ${inspection.file} is not usable: ${sweep.reason ?? ''}`
        : `${inspection.file} has no sweep ${number}.`,
      { remedy: `Usable sweeps: ${usable.join(', ')}.`, details: { file: inspection.file, sweep: number } },
    );
  }
  return wanted ?? usable;
}

function csv(found: readonly SweepFeatures[]): string {
  const names = found[0]?.features.map((feature) => feature.name) ?? [];
  const rows = found.map(({ sweep, features }) => [sweep, ...features.map((feature) => feature.value)]);
  return stringify([['sweep', ...names], ...rows]);
}

/** What the sweeps say together, and which of them say it. */
function printFamily(family: readonly FamilyFeature[]): void {
  const table = plainTable(['several sweeps', 'value', 'measured in sweeps'], ['left', 'right', 'left']);
  for (const { name, unit, value, sweeps } of family) {
    const head = unit === '' ? name : `${name} (${unit})`;
    table.push([head, value === null ? '–' : figure(value), numberRanges(sweeps)]);
  }
  say(`\n${table.toString()}`);
}

/** Sweeps as rows where the set is narrow, features as rows where it is wide. */
function print(found: readonly SweepFeatures[]): void {
  const features = found[0]?.features ?? [];
  const heads = features.map(({ name, unit }) => (unit === '' ? name : `${name} (${unit})`));
  const cell = (value: number | null) => (value === null ? '–' : figure(value));
  const right = 'right' as const;
  if (features.length <= 8) {
    const table = plainTable(['sweep', ...heads], [right, ...heads.map(() => right)]);
    for (const line of found)
      table.push([line.sweep, ...line.features.map((feature) => cell(feature.value))]);
    say(table.toString());
  } else {
    const table = plainTable(
      ['feature', ...found.map((line) => `sweep ${line.sweep}`)],
      ['left', ...found.map(() => right)],
    );
    heads.forEach((head, i) => table.push([head, ...found.map((line) => cell(line.features[i]!.value))]));
    say(table.toString());
  }
  const missing = found.flatMap((line) => line.features.filter((feature) => feature.value === null)).length;
  if (missing > 0) tell(`${missing} values (–) are not defined on their sweep; --json says why.`);
}
