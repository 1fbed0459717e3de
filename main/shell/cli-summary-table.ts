import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { AppError } from '../contract/errors.ts';
import type { Summary } from '../contract/run.ts';

export type FitOutcome =
  { recording: string; summary: Summary; out: string } | { recording: string; error: AppError };

/**
 * summary.csv of several fits: one row a recording, and for every parameter its median, 5 %, 95 % and MAP; a fit that
 * failed has its reason in the last column.
 */
export function summaryTable(outcomes: readonly FitOutcome[]): string {
  const done = outcomes.flatMap((outcome) => ('summary' in outcome ? [outcome.summary] : []));
  const names = [...new Set(done.flatMap((summary) => summary.parameters.map((p) => p.name)))];
  const header = [
    ...['recording', 'sweep', 'id', 'model', 'verdict'],
    ...names.flatMap((name) => [`${name}_median`, `${name}_q05`, `${name}_q95`, `${name}_map`]),
    'error',
  ];
  const rows = outcomes.map((outcome) => {
    if ('error' in outcome)
      return [outcome.recording, ...Array(header.length - 2).fill(''), outcome.error.message];
    const { summary, recording } = outcome;
    const values = names.flatMap((name): (number | string)[] => {
      const p = summary.parameters.find((candidate) => candidate.name === name);
      return p ? [p.median, p.q05, p.q95, p.map] : ['', '', '', ''];
    });
    const sweep = summary.recording?.sweeps.join(' ') ?? '';
    return [recording, sweep, summary.id, summary.model, summary.diagnostics.verdict, ...values, ''];
  });
  return stringify([header, ...rows]);
}

export async function writeSummaryTable(path: string, outcomes: readonly FitOutcome[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, summaryTable(outcomes));
}
