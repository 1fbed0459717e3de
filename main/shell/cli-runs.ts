import { basename } from 'node:path';
import type { Calibration } from '../contract/calibration.ts';
import type { RunDetail, RunSummary } from '../contract/run.ts';
import { calibrationText } from './cli-calibration-text.ts';
import { command, commandGroup, jsonOption, withServices, type CommonOptions } from './cli-command.ts';
import { followFit } from './cli-fit-run.ts';
import { say, sayJson, tell } from './cli-output.ts';
import { plainTable, resultTable, roundLine, verdictText } from './cli-tables.ts';

interface ResumeOptions extends CommonOptions {
  out?: string;
}

export const runsCommand = () => {
  const list = command('list', 'all runs, the newest first')
    .addOption(jsonOption())
    .action((options: CommonOptions) =>
      withServices(options, async ({ history }) => {
        const runs = history.list();
        if (options.json) sayJson({ runs });
        else printList(runs);
      }),
    );
  const show = command('show', 'one run: its rounds and its result')
    .argument('<id>', 'the run, or the first letters of its id')
    .addOption(jsonOption())
    .action((prefix: string, options: CommonOptions) =>
      withServices(options, async ({ history }) => {
        const run = history.detail(history.resolveId(prefix));
        const calibration = history.calibration(run.id);
        if (options.json) sayJson({ ...run, calibration });
        else printRun(run, calibration);
      }),
    );
  const resume = command('resume', 'continue a run after its last finished round')
    .argument('<id>', 'the run, or the first letters of its id')
    .option('--out <folder>', 'where the results go (else ./chronaxie-results/ID)')
    .addOption(jsonOption())
    .action((prefix: string, options: ResumeOptions) =>
      withServices(options, async (services) => {
        const { id } = services.fits.resume(services.history.resolveId(prefix));
        await followFit(services, id, options);
      }),
    );
  const remove = command('delete', 'delete a run and everything that it stored')
    .argument('<id>', 'the run, or the first letters of its id')
    .addOption(jsonOption())
    .action((prefix: string, options: CommonOptions) =>
      withServices(options, async ({ history, handlers }) => {
        const id = history.resolveId(prefix);
        const { deleted } = await handlers['history.delete']({ id });
        if (options.json) sayJson({ id, deleted });
        else tell(`Deleted ${id}.`);
      }),
    );
  return commandGroup('runs', 'the history', [list, show, resume, remove]);
};

function printList(runs: readonly RunSummary[]): void {
  if (runs.length === 0) {
    say('No runs yet. “chronaxie fit RECORDING” makes the first.');
    return;
  }
  const table = plainTable(['id', 'state', 'rounds', 'model', 'project', 'name']);
  for (const run of runs) {
    table.push([
      run.id,
      run.state,
      `${run.roundsDone}/${run.rounds}`,
      basename(run.model),
      run.project,
      run.name,
    ]);
  }
  say(table.toString());
}

function printRun(run: RunDetail, calibration: Calibration | null): void {
  say(`${run.id}  ${run.name}  ${run.state}`);
  say(`${run.source}${run.sweep === null ? '' : `, sweep ${run.sweep}`}`);
  say(`${run.model}, ${run.algorithm}, ${run.seconds.toFixed(1)} s, started ${run.createdAt}`);
  if (run.error !== null) say(`${run.error.message}\n  → ${run.error.remedy}`);
  for (const report of run.reports) say(roundLine(report, run.rounds));
  if (run.summary !== null) say(`\n${resultTable(run.summary)}\n\n${verdictText(run.summary)}`);
  if (calibration !== null) say(`\n${calibrationText(calibration)}`);
}
