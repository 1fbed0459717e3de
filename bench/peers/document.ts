import { judged, referenceDtMs, sets } from './problem.ts';
import { targetMs, type Curve } from './series.ts';
import type { ManySimulations } from './many-simulations.ts';
import type { WholeRun } from './whole-run.ts';

export interface Findings {
  machine: string;
  /** Load averages when the run began and when it ended */
  load: [string, string];
  versions: string[];
  curves: Curve[];
  /** Of NEURON at a small step */
  referenceCheck: { dtMs: number; medianMs: number; wrongCounts: number } | null;
  /** Sentences on what was not measured */
  leftOut: string[];
  /** Peers whose results an earlier, interrupted run had left in the folder */
  earlier: string[];
  /** native: with the Node-API build of the kernels, where there is one */
  trainingUs: Record<'native' | 'sbi', Record<1 | 8, number> | null> & { ours: Record<1 | 8, number> };
  wholeRun: {
    ours: WholeRun;
    native: WholeRun | null;
    sbi: Pick<WholeRun, 'seconds' | 'simulateSeconds'> | null;
  };
  own: Record<
    'peakGigaFma' | 'matrixGigaFma' | 'featureShare' | 'twoWorkers' | 'stepLinear' | 'setLinear',
    number
  >;
  many: ManySimulations[];
}

const short = (value: number) => String(Number(value.toPrecision(3)));
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const row = (...cells: (string | number)[]) =>
  `| ${cells.map((c) => (typeof c === 'number' ? short(c) : c)).join(' | ')} |`;

/** The cheapest curve at the target error among those that are chosen; null where none reaches it. */
function best(curves: readonly Curve[], chosen: (curve: Curve) => boolean): Curve | null {
  const able = curves.filter((curve) => curve.atTarget !== null && chosen(curve));
  return able.toSorted((a, b) => a.atTarget!.cost - b.atTarget!.cost)[0] ?? null;
}

function goals({ curves, own, trainingUs, wholeRun, load }: Findings): string[] {
  const ours = best(curves, (c) => c.simulator === 'Chronaxie')!.atTarget!.cost;
  const named = (...names: string[]) => best(curves, (c) => names.includes(c.simulator));
  const usual = best(curves, (c) => c.simulator === 'jaxley' && c.variant === 'bwd_euler, float64');
  const lines: string[] = [];
  const goal = (what: string, wanted: string, value: number, reached: boolean, unit = ' ×') =>
    lines.push(row(what, wanted, short(value) + unit, reached ? 'yes' : '**no**'));
  const faster = (what: string, curve: Curve | null, least: number) => {
    if (!curve) return;
    const ratio = curve.atTarget!.cost / ours;
    goal(`faster than ${what} (${curve.simulator}, ${curve.variant})`, `≥ ${least} ×`, ratio, ratio >= least);
  };
  faster('the best of jaxley', named('jaxley'), 1.3);
  faster("jaxley's default", usual, 5);
  const classic = ['NEURON', 'CoreNEURON', 'Brian2'].filter((name) => named(name));
  faster(`the best of ${classic.join(', ')}`, named(...classic), 7);
  const native = named('C++, AVX2');
  if (native) {
    const ratio = ours / native.atTarget!.cost;
    goal('time of ours over the native AVX2 loop', '≤ 1.5 ×', ratio, ratio <= 1.5);
  }
  goal('cost of 10 × the steps', '10 ×', own.stepLinear, Math.abs(own.stepLinear - 10) < 1.5);
  goal('cost of 10 × the simulations', '10 ×', own.setLinear, Math.abs(own.setLinear - 10) < 1.5);
  const busy = own.twoWorkers < 1.8 && Number.parseFloat(load[0]) > 0.5;
  const workers = busy
    ? 'two workers over one (wall time; other work held the cores, so this decides nothing)'
    : 'two workers over one (wall time)';
  goal(workers, '≥ 1.8 ×', own.twoWorkers, own.twoWorkers >= 1.8);
  const features = 100 * own.featureShare;
  goal('moment features, of a simulation’s time at dt 0.025 ms', '< 15 %', features, features < 15, ' %');
  const share = (100 * own.matrixGigaFma) / own.peakGigaFma;
  goal('matrix kernel 50 → 50, batch 100, of the 128-bit FMA peak', '≥ 60 %', share, share >= 60, ' %');
  const components = trainingUs.ours[8] / trainingUs.ours[1];
  goal('training step with K = 8 over K = 1', '≤ 5 ×', components, components <= 5);
  if (wholeRun.sbi) {
    const ratio = wholeRun.sbi.seconds / wholeRun.ours.seconds;
    goal(
      'whole run of 5 × 5,000 simulations, faster than sbi with the same network',
      '≥ 20 ×',
      ratio,
      ratio >= 20,
    );
  }
  return lines;
}

/** Processor time of a whole run, ours beside sbi's. */
function wholeRunSection({ ours, native, sbi }: Findings['wholeRun']): string[] {
  return [
    '## A whole run',
    '',
    'hh8 with its noise, eight parameters, seven moments, 5 rounds × 5,000 simulations of 120 ms at dt 0.025 ms, one mixture component behind two layers of 50, 10,000 posterior samples; seconds of processor time, one thread each. Ours is tsnpe; sbi’s is NPE-C at its usual settings, simulated by our own command (whose time is counted), so that what differs is the inference.',
    '',
    row('', 'whole run', 'of which simulations'),
    row('---', '---', '---'),
    row('Chronaxie', ours.seconds, ours.simulateSeconds),
    ...(native ? [row('Chronaxie, native kernels', native.seconds, native.simulateSeconds)] : []),
    ...(sbi ? [row('sbi', sbi.seconds, sbi.simulateSeconds)] : []),
    '',
  ];
}

/** docs/benchmarks.md */
export function benchmarkDocument(found: Findings): string {
  const { curves, referenceCheck, trainingUs, own } = found;
  const ours = best(curves, (c) => c.simulator === 'Chronaxie')!.atTarget!.cost;
  const training = ([1, 8] as const).map((k) => {
    const theirs = trainingUs.sbi?.[k];
    const native = trainingUs.native?.[k] ?? 'not built';
    const cells =
      theirs === undefined ? ['not measured', ''] : [theirs, `${short(theirs / trainingUs.ours[k])} ×`];
    return row(`K = ${k}`, trainingUs.ours[k], native, ...cells);
  });
  const check = referenceCheck
    ? ` NEURON (secondorder = 2, dt ${referenceCheck.dtMs} ms) differs from it by a median of ${short(referenceCheck.medianMs)} ms, ${referenceCheck.wrongCounts} of ${judged} spike counts.`
    : '';
  const again =
    found.earlier.length > 0
      ? ` The figures of ${found.earlier.join(', ')} were taken on the same machine by a run that this one goes on from.`
      : '';
  return [
    '# How fast: against other simulators and trainers',
    '',
    `\`npm run bench:peers\` makes this document again: it installs the peers from PyPI into a virtual environment of its own, runs them and writes this file. ${found.machine}. Load averages of the machine (1, 5, 15 minutes) at the beginning ${found.load[0]}, at the end ${found.load[1]}: other work ran beside it, so every figure is **processor time**, not wall time (but for the two workers), the median of several repetitions, compilation excluded. Neighbours on the same cores still cost caches and turbo: differences below 15 % mean nothing, and a goal that is reached or missed by less may turn out otherwise in the next run.`,
    '',
    `Versions: ${found.versions.join(', ')}.${again}`,
    '',
    '## The goals',
    '',
    `Simulation is compared at the same median spike-time error, ${targetMs} ms, on one core; both axes interpolated in their logarithms between two time steps.`,
    '',
    row('', 'goal', 'measured', 'reached'),
    row('---', '---', '---', '---'),
    ...goals(found),
    '',
    '## Simulation',
    '',
    `hh8 without noise, ${sets} parameter sets from its prior (the cost), the first ${judged} of them judged (the accuracy), 120 ms, a step of current from 10 to 110 ms, all voltages kept. A spike is an upward crossing of −10 mV, linear between samples; its error is the distance from our own simulator in double precision at dt ${referenceDtMs} ms, over all cells with the right number of spikes.${check}`,
    '',
    '![Median spike-time error against processor time](images/work-precision.svg)',
    '',
    row(
      'simulator',
      'dt, ms',
      'median error, ms',
      `wrong counts of ${judged}`,
      'ns per step and cell',
      'core-seconds per cell-second',
    ),
    row('---', '---', '---', '---', '---', '---'),
    ...curves.flatMap(({ simulator, variant, points }) =>
      points.map((p) => {
        const name = `${simulator}, ${variant}${p.notFinite > 0 ? ` (${p.notFinite} cells of ${sets} not finite)` : ''}`;
        return row(name, p.dtMs, p.medianMs, String(p.wrongCounts), p.nsPerStep, p.cost);
      }),
    ),
    '',
    `At an error of ${targetMs} ms:`,
    '',
    row('simulator', 'dt, ms', 'core-seconds per cell-second', 'times ours'),
    row('---', '---', '---', '---'),
    ...curves
      .filter((c) => c.atTarget)
      .toSorted((a, b) => a.atTarget!.cost - b.atTarget!.cost)
      .map((c) =>
        row(`${c.simulator}, ${c.variant}`, c.atTarget!.dtMs, c.atTarget!.cost, c.atTarget!.cost / ours),
      ),
    '',
    'jaxley runs its own channels of Pospischil et al. (2008), all cells at once by `vmap`; its default is backward Euler, taken here in float64 as its documentation sets it. Its `exp_euler` raises an error for a cell of one compartment. NEURON and CoreNEURON run a mod file with `cnexp`, one section per cell, one thread. Brian2, where it was run, is a whole C++ program (`-O3 -march=native -ffast-math`) with its start. The native loop is bench/peers/native-loop.cpp, `g++ -O3 -mavx2 -mfma`: vectors twice as wide as WebAssembly’s.',
    '',
    '## Many simulations',
    '',
    'The same sets again and again, dt 0.05 ms, one worker, each trace reduced to its seven moments where it is made; a process of its own for each row. What grows with the number are the parameters and the features themselves.',
    '',
    row('simulations', 'µs of processor time a simulation', 'highest memory of the process, MB'),
    row('---', '---', '---'),
    ...found.many.map((m) => row(m.simulations.toLocaleString('en'), m.microseconds, m.peakMb)),
    '',
    '## Training',
    '',
    'One step of a mixture-density network, 20 → 50 → 50, D = 12, batch 100, one thread: loss, gradient, clipping, Adam; microseconds of processor time.',
    '',
    row('', 'Chronaxie', 'Chronaxie, native kernels', 'sbi', 'sbi over the first'),
    row('---', '---', '---', '---', '---'),
    ...training,
    '',
    `The matrix kernel does ${short(own.matrixGigaFma)} · 10⁹ multiply-adds a second; a loop of nothing but 128-bit relaxed multiply-adds ${short(own.peakGigaFma)} · 10⁹. The moments take ${percent(own.featureShare)} of a simulation’s time.`,
    '',
    ...wholeRunSection(found.wholeRun),
    ...(found.leftOut.length > 0 ? ['## Left out', '', ...found.leftOut.map((s) => `- ${s}`), ''] : []),
  ].join('\n');
}
