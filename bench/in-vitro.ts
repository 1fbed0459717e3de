/**
 * Two recorded sweeps, fitted with everyone's settings: the recorded features in what the posterior predicts, and traces at posterior
 * draws beside the recording (docs/in-vitro.md).
 *   node bench/in-vitro.ts [--svg FILE.svg]; about two minutes a cell on two idle cores
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { PredictiveView } from '../main/contract/posterior.ts';
import { cells, fitCell, type Cell, type InVitroFit } from '../test/statistical/in-vitro.ts';

const { values } = parseArgs({ options: { svg: { type: 'string' } } });

function print(cell: Cell, { result, view }: InVitroFit): void {
  const { parameters, diagnostics, features, rounds } = result.summary;
  const seconds = rounds.reduce((sum, round) => sum + round.seconds.simulate + round.seconds.train, 0);
  console.log(`\n## Cell ${cell}: ${diagnostics.verdict}, ${seconds.toFixed(0)} s\n`);
  console.log('| feature | recorded | prior, 5 to 95 % | posterior, 5 to 95 % |\n| --- | --- | --- | --- |');
  for (const { name, unit, observed } of features) {
    const { prior, posterior } = view.features.find((feature) => feature.name === name)!;
    const cellsOfRow = [`${name}${unit && `, ${unit}`}`, digits(observed!), range(prior), range(posterior)];
    console.log(`| ${cellsOfRow.join(' | ')} |`);
  }
  console.log('\n| parameter | median | 5 to 95 % |\n| --- | --- | --- |');
  for (const { name, unit, median, q05, q95 } of parameters)
    console.log(`| ${name}${unit && `, ${unit}`} | ${digits(median)} | ${digits(q05)} to ${digits(q95)} |`);
}

const digits = (value: number) => String(Number(value.toPrecision(3)));

function range(values: Float64Array): string {
  const sorted = values.filter(Number.isFinite).sort();
  const at = (share: number) => digits(sorted[Math.round(share * (sorted.length - 1))]!);
  return `${at(0.05)} to ${at(0.95)}`;
}

const [left, width, rowHeight, gap] = [58, 840, 88, 8];
const [lowMv, highMv] = [-100, 50];

/** The recording, the MAP and three draws below each other, on the same axes. */
function panel(cell: string, view: PredictiveView, top: number): string {
  const stepsMs = view.timeMs[1]! - view.timeMs[0]!;
  const endMs = view.timeMs.at(-1)! + stepsMs / 2;
  const rows = [
    { label: 'recorded', ink: '#000000', minMv: view.observedMinMv, maxMv: view.observedMaxMv },
    ...view.draws
      .slice(0, 4)
      .map((draw, i) => ({ ...draw, label: i === 0 ? 'MAP' : `draw ${i}`, ink: '#0072B2' })),
  ];
  const parts = [`<text x="${left}" y="${top - 8}" font-weight="bold">Allen cell ${cell}</text>`];
  rows.forEach(({ label, ink, minMv, maxMv }, row) => {
    const base = top + row * (rowHeight + gap);
    const x = (ms: number) => (left + (width * ms) / endMs).toFixed(1);
    const y = (mv: number) => (base + (rowHeight * (highMv - mv)) / (highMv - lowMv)).toFixed(1);
    const points = Array.from(view.timeMs, (ms, i) => {
      const [top, bottom] = [`${x(ms)},${y(maxMv[i]!)}`, `${x(ms)},${y(minMv[i]!)}`];
      return top === bottom ? top : `${top} ${bottom}`;
    });
    parts.push(
      `<polyline fill="none" stroke="${ink}" stroke-width="0.8" points="${points.join(' ')}"/>`,
      ...[0, -80].map(
        (mv) =>
          `<text x="${left - 8}" y="${Number(y(mv)) + 4}" text-anchor="end">${String(mv).replace('-', '−')}</text><line x1="${left - 4}" x2="${left}" y1="${y(mv)}" y2="${y(mv)}" stroke="#888888"/>`,
      ),
      `<text x="${left + width - 4}" y="${base + 14}" text-anchor="end" fill="${ink}">${label}</text>`,
    );
  });
  return parts.join('\n');
}

const panelHeight = 5 * (rowHeight + gap) + 40;
const panels: string[] = [];
for (const cell of Object.keys(cells) as Cell[]) {
  const fit = await fitCell(cell, { workers: 2 });
  print(cell, fit);
  panels.push(panel(cell, fit.view, 40 + panels.length * panelHeight));
}
if (values.svg) {
  const height = panels.length * panelHeight + 40;
  const scale = `<line x1="${left}" x2="${left + (width * 200) / 1450}" y1="${height - 34}" y2="${height - 34}" stroke="#000000" stroke-width="2"/><text x="${left}" y="${height - 16}">200 ms; membrane potential in mV</text>`;
  writeFileSync(
    values.svg,
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + 10} ${height}" font-family="system-ui, sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>\n${panels.join('\n')}\n${scale}\n</svg>\n`,
  );
}
