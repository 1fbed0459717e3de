import type Table from 'cli-table3';
import type { Inspection, SweepSummary, Warning } from '../contract/recording.ts';
import { AppError } from '../contract/errors.ts';
import { inspectRecording } from '../features/inspection.ts';
import { withColumns } from './cli-columns.ts';
import { command, ending, jsonOption, type CommonOptions } from './cli-command.ts';
import { mapOption, type MapOption } from './cli-map-option.ts';
import { reportError, say, sayJson, tell } from './cli-output.ts';
import { plainTable } from './cli-tables.ts';

export const inspectCommand = () =>
  command('inspect', 'list the sweeps of a recording: units, protocol, warnings')
    .argument('<recording>', 'a recording (NWB, ABF, HDF5, CSV, TSV)')
    .addOption(mapOption())
    .addOption(jsonOption())
    .action(async (path: string, options: CommonOptions & MapOption) => {
      const { recording, inspection } = await withColumns(path, options, (reading) =>
        inspectRecording(path, { reading }),
      );
      await recording.close();
      if (options.json) sayJson(inspection);
      else print(inspection);
      if (!inspection.sweeps.some((sweep) => sweep.usable))
        ending.code = reportError(unusable(inspection), false);
    });

function unusable(inspection: Inspection): AppError {
  const reason = inspection.sweeps[0]?.reason ?? inspection.warnings[0]?.message ?? 'it holds no sweep.';
  return new AppError('recording-unusable', `${inspection.file} has no sweep that can be fitted: ${reason}`, {
    remedy: 'Choose a current-clamp recording with its stimulus.',
  });
}

function print(inspection: Inspection): void {
  const { file, format, protocol } = inspection;
  say(`${file}  (${format}${protocol === undefined ? '' : `, protocol ${protocol}`})`);
  say(`sha256 ${inspection.sha256}`);
  const electrodes = new Set(inspection.sweeps.map(({ electrode }) => electrode));
  const several = electrodes.size > 1;
  const table = plainTable([
    'sweep',
    ...(several ? ['electrode'] : []),
    'mode',
    'kHz',
    'ms',
    'mV',
    'stimulus (pA)',
    'spikes',
    '',
  ]);
  for (const sweep of inspection.sweeps) table.push(row(sweep, several));
  say(table.toString());
  printWarnings(inspection.warnings);
}

function row(sweep: SweepSummary, electrode: boolean): Table.HorizontalTableRow {
  const { voltageMv, current } = sweep;
  const steps = current.steps
    .slice(0, 3)
    .map((s) => `${s.amplitudePa.toFixed(0)} (${s.startMs.toFixed(0)}–${s.endMs.toFixed(0)} ms)`);
  if (current.steps.length > 3) steps.push(`and ${current.steps.length - 3} more`);
  return [
    sweep.sweep,
    ...(electrode ? [sweep.electrode ?? ''] : []),
    sweep.mode,
    (sweep.rateHz / 1000).toFixed(1),
    sweep.durationMs.toFixed(0),
    voltageMv === null ? '' : `${voltageMv.min.toFixed(0)} … ${voltageMv.max.toFixed(0)}`,
    steps.length > 0 ? `${steps.join(', ')} ${current.kind}` : current.kind,
    sweep.spikes ?? '',
    sweep.usable ? '' : (sweep.reason ?? 'not usable'),
  ];
}

export function printWarnings(warnings: readonly Warning[]): void {
  for (const warning of warnings) tell(warningLine(warning));
}

export const warningLine = ({ message, remedy }: Warning) => `Note: ${message} ${remedy}`;
