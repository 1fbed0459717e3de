import type { RunDetail } from '../../main/contract/run.ts';
import { count } from '../../main/figures/number.ts';
import { readingWords } from './units.ts';
import { span } from './time.ts';

/** What identifies a run and everything that went into it. */
export function provenanceLines(detail: RunDetail): { name: string; value: string }[] {
  const { summary, config } = detail;
  const simulations = detail.reports.reduce((sum, report) => sum + report.simulations, 0);
  const { source } = config;
  const lines: [string, string | null | undefined][] = [
    ['Run', `${detail.id} (${detail.name})`],
    ['Made', new Date(detail.createdAt).toLocaleString('en-GB')],
    ['Program', summary === null ? null : `Chronaxie ${summary.version}`],
    ['Recording', source !== null && 'recording' in source ? source.recording : null],
    ['SHA-256', summary?.recording?.sha256],
    ['Sweep', summary?.recording?.sweeps.join(', ')],
    ['Read with', readingWords(config.cell)],
    ['Simulator', source !== null && 'simulator' in source ? source.simulator : null],
    ['Observation', source !== null && 'simulator' in source ? source.observation : null],
    ['Model', detail.model],
    ['Algorithm', config.algorithm.toUpperCase()],
    ['Rounds', `${detail.roundsDone}, ${count(simulations)} simulations`],
    ['Seed', String(config.seed)],
    [
      'Trained on',
      summary === null ? null : `${summary.device}${summary.strict ? ', bit-identical arithmetic' : ''}`,
    ],
    ['Duration', span(detail.seconds)],
    ['Repeat it', summary === null ? null : 'chronaxie fit --config config.json (in the JSON export)'],
  ];
  return lines.flatMap(([name, value]) => (value === null || value === undefined ? [] : [{ name, value }]));
}
