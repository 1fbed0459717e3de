import Table from 'cli-table3';
import type { PriorSpec } from '../contract/prior.ts';
import type { FittedParameter, RoundReport, Summary } from '../contract/run.ts';

const none = '';
/** A header, a rule, rows: no boxes. */
const lines = {
  top: none,
  'top-mid': none,
  'top-left': none,
  'top-right': none,
  bottom: none,
  'bottom-mid': none,
  'bottom-left': none,
  'bottom-right': none,
  left: none,
  'left-mid': none,
  mid: none,
  'mid-mid': none,
  right: none,
  'right-mid': none,
  middle: '  ',
};

export function plainTable(head: string[], align: Table.HorizontalAlignment[] = []): Table.Table {
  return new Table({
    head,
    colAligns: align,
    chars: lines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
}

/** Four significant digits, without an exponent where it can be read without one. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e6)) return value.toExponential(2);
  if (Number.isInteger(value)) return String(value);
  const digits = Math.max(0, 3 - Math.floor(Math.log10(size)));
  return value.toFixed(Math.min(digits, 7));
}

/** A value that someone chose: as short as it was written. */
const chosen = (value: number) => String(Number(value.toPrecision(6)));

export function priorText(prior: PriorSpec | FittedParameter['prior']): string {
  const [kind, ends, joint] =
    'uniform' in prior
      ? (['uniform', prior.uniform, '…'] as const)
      : 'logUniform' in prior
        ? (['log-uniform', prior.logUniform, '…'] as const)
        : 'logNormal' in prior
          ? (['log-normal', prior.logNormal, '±'] as const)
          : (['normal', prior.normal, '±'] as const);
  return Array.isArray(ends)
    ? `${kind} ${chosen(ends[0]!)} ${joint} ${chosen(ends[1]!)}`
    : 'normal, correlated';
}

/** The parameters of a finished fit; of a search, its best set and quantiles over its hall of fame. */
export function resultTable(summary: Summary): string {
  const right = 'right' as const;
  const table = plainTable(
    ['parameter', 'unit', 'prior', 'median', '5 %', '95 %', summary.search === null ? 'MAP' : 'best'],
    ['left', 'left', 'left', right, right, right, right],
  );
  for (const p of summary.parameters) {
    table.push([
      p.name,
      p.unit,
      priorText(p.prior),
      figure(p.median),
      figure(p.q05),
      figure(p.q95),
      figure(p.map),
    ]);
  }
  return table.toString();
}

const verdicts = {
  trust: 'The fit passes its checks.',
  'look-closer': 'Look closer:',
  'do-not-trust': 'Do not trust this fit:',
} as const;

export function verdictText(summary: Summary): string {
  const { verdict, reasons } = summary.diagnostics;
  return [verdicts[verdict], ...reasons.map((reason) => `  ${reason}`)].join('\n');
}

/** One finished round in one line. */
export function roundLine(report: RoundReport, rounds: number): string {
  const simulated = `${report.simulations.toLocaleString('en')} simulations`;
  const bad = report.bad.toLocaleString('en');
  const seconds = `${report.seconds.simulate.toFixed(1)} s + ${report.seconds.train.toFixed(1)} s`;
  const parts =
    report.drawnFrom === 'search'
      ? [
          ...[simulated, `${bad} bad`, `${report.epochs} generations`],
          `best sum of objectives ${figure(report.loss)} (population’s median ${figure(report.validationLoss)})`,
          seconds,
        ]
      : [
          ...[simulated, `${bad} set aside`, `ESS ${Math.round(report.ess).toLocaleString('en')}`],
          `loss ${figure(report.loss)} (held out ${figure(report.validationLoss)})`,
          ...[`${report.epochs} epochs`, seconds],
        ];
  return `round ${report.round}/${rounds}: ${parts.join(', ')}`;
}
