import type { SweepSummary, UnitFactors, Warning } from '../contract/recording.ts';
import { median } from '../numeric/statistics.ts';
import { sized } from './sized.ts';
import type { Finding, SweepReport } from './summarise-sweep.ts';

/** One warning a subject (after those of the sweeps the file's own `notes`), naming the sweeps that it is about, each with what to do. */
export function recordingWarnings(
  reports: readonly SweepReport[],
  sweeps: readonly SweepSummary[],
  notes: readonly Warning[],
  likely: UnitFactors,
): Warning[] {
  const warnings: Warning[] = [];
  const add = (code: string, about: readonly SweepSummary[], message: string, remedy: string) => {
    if (about.length > 0) warnings.push({ code, message: `${sweepNames(about)}: ${message}`, remedy });
  };
  const found = (finding: Finding) =>
    reports.filter((report) => report.findings.includes(finding)).map((report) => report.summary);
  const usable = sweeps.filter((sweep) => sweep.usable);

  if (usable.length === 0) warnings.push(noUsableSweep(sweeps));
  add(
    'recorded-stimulus',
    usable.filter((sweep) => sweep.current.kind === 'recorded'),
    'the stimulus is the recorded current, with its noise and transients, not the command.',
    'Steps found in it are used, without the noise; set cell.stimulus to “as-recorded” to inject it as it is.',
  );
  add(
    'missing-stimulus',
    found('no-stimulus'),
    [...new Set(found('no-stimulus').map(({ reason }) => reason))].join(' '),
    'If it was a rectangular step, give it as cell.givenStep; otherwise use a file that holds the stimulus too.',
  );
  warnings.push(...unitWarnings(reports, likely));
  add(
    'cut-at-nan',
    found('cut-at-nan'),
    'the sweep ends in samples that are not numbers; they were left out.',
    'Nothing, if the recording was stopped there; otherwise look at the original.',
  );
  add(
    'lengths-differ',
    found('lengths-differ'),
    'the stimulus is shorter than the response; only what both have is used.',
    'Nothing, if the recording ran on after the protocol; otherwise look at the original.',
  );
  warnings.push(...notes);
  if (usable.length > 0) {
    warnings.push({
      code: 'liquid-junction-potential',
      message:
        'The file does not say whether the liquid junction potential was corrected; the voltages are taken as they are.',
      remedy: 'If it was not, set cell.liquidJunctionMv to the (usually negative) correction, such as -14.',
    });
  }
  return warnings;
}

/** Of values that no cell and no amplifier has: with the factors that would mend them, where there are any. */
function unitWarnings(reports: readonly SweepReport[], likely: UnitFactors): Warning[] {
  const { voltageFactor, currentFactor } = likely;
  const parts: Omit<Warning, 'code'>[] = [];
  const responses = reports.filter(({ levels }) => levels.response !== null);
  if (voltageFactor !== null) {
    const mean = median(responses.map(({ levels }) => levels.response!));
    const labelled = responses.some(({ levels }) => levels.labelledCurrent);
    parts.push({
      message: labelled
        ? `The responses are labelled as currents, but average ${sized(mean)} pA: they look like membrane potentials of ${sized(mean * voltageFactor)} mV in the wrong unit.`
        : `The voltages average ${sized(mean)} mV, which no cell does: ${mistaken(voltageFactor, 'volts')}.`,
      remedy: `Set cell.voltageFactor to ${voltageFactor} to read them as ${sized(mean * voltageFactor)} mV.`,
    });
  }
  if (currentFactor !== null) {
    const peak = Math.max(...reports.map(({ levels }) => levels.peakPa ?? 0));
    parts.push({
      message: `The injected current reaches ${sized(peak)} pA, which no protocol does: ${mistaken(currentFactor, 'amperes')}.`,
      remedy: `Set cell.currentFactor to ${currentFactor} to read it as ${sized(peak * currentFactor)} pA.`,
    });
  }
  const unexplained = reports.filter(
    ({ findings }) =>
      (voltageFactor === null && findings.includes('implausible-voltage')) ||
      (currentFactor === null && findings.includes('implausible-current')),
  );
  if (unexplained.length > 0) {
    parts.push({
      message: `${sweepNames(unexplained.map(({ summary }) => summary))}: values beyond 200 mV or 20 nA occur, so a unit or conversion is wrong or there is an artefact.`,
      remedy: 'Check the unit and conversion attributes that the file’s writer set, and write it again.',
    });
  }
  if (parts.length === 0) return [];
  const joined = (key: 'message' | 'remedy') => parts.map((part) => part[key]).join(' ');
  return [{ code: 'implausible-units', message: joined('message'), remedy: joined('remedy') }];
}

/** Which unit was likely taken for which: «volts were stored as millivolts». */
function mistaken(factor: number, unit: 'volts' | 'amperes'): string {
  const small = { volts: 'millivolts', amperes: 'picoamperes' }[unit];
  const prefix = { 1e-3: 'milli', 1e-6: 'micro', 1e-9: 'nano', 1e-12: 'pico' } as Record<number, string>;
  const nano: Record<number, string> = { 1e3: 'nanoamperes', 1e6: 'microamperes', 1e9: 'milliamperes' };
  if (factor < 1) return `${prefix[factor]}${unit} look to be labelled as ${unit}`;
  const larger = unit === 'amperes' ? (nano[factor] ?? unit) : factor === 1e3 ? unit : 'another unit';
  return `${larger} look to be labelled as ${small}`;
}

function noUsableSweep(sweeps: readonly SweepSummary[]): Warning {
  const reasons = [...new Set(sweeps.map((sweep) => sweep.reason ?? ''))];
  return {
    code: 'no-usable-sweep',
    message:
      sweeps.length === 0
        ? 'The file holds no intracellular (patch-clamp) series at all.'
        : `${sweeps.length === 1 ? 'The only sweep cannot' : `None of the ${sweeps.length} sweeps can`} be used. ${reasons.slice(0, 3).join(' ')}`,
    remedy: 'Open a current-clamp recording that holds the voltage and the injected current.',
  };
}

/** «Sweep 3», «Sweeps 1–5, 7». */
export function sweepNames(sweeps: readonly { sweep: number }[]): string {
  const runs: [number, number][] = [];
  for (const number of sweeps.map(({ sweep }) => sweep).sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && number <= last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  const names = runs.map(([first, end]) => (first === end ? `${first}` : `${first}–${end}`));
  return `${sweeps.length === 1 ? 'Sweep' : 'Sweeps'} ${names.join(', ')}`;
}
