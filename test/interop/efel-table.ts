import { markdownTable } from '../support/feature-tables.ts';
import { median } from '../../main/numeric/statistics.ts';
import type { ComparedSweep } from './efel-comparison.ts';

/** How a feature of ours relates to eFEL's, and how near both must be once they are computed by one definition. */
export interface Counterpart {
  /** Ours. */
  name: string;
  /** eFEL's name; null where it has none. */
  efel: string | null;
  unit: string;
  /** Largest difference that counts as agreement by our definition, and the share of sweeps that must agree. */
  within: number;
  share: number;
  why: string;
}

const spikeRule = 'eFEL counts crossings of −20 mV, noise around it too, and none where V stays above';
const threshold = 'eFEL’s threshold is where dV/dt stays above 10 mV/ms, ours 5 % of the steepest upstroke';
const noneOfIt = 'eFEL has none; NumPy on the samples';
const exact = 1e-8;
const part = (
  name: string,
  efel: string | null,
  unit: string,
  within: number,
  share: number,
  why: string,
): Counterpart => ({ name, efel, unit, within, share, why });

/** Tolerances: rounding for what comes from the samples alone; a sample or two for times; what two rules of a threshold differ by for what hangs on it. */
export const counterparts: readonly Counterpart[] = [
  part('restMean', 'voltage_base', 'mV', exact, 1, 'eFEL: the last tenth before the step alone'),
  part('restStd', null, 'mV', exact, 1, noneOfIt),
  part(
    'steadyVoltage',
    'steady_state_voltage_stimend',
    'mV',
    0.05,
    1,
    'one sample at the ends of the window',
  ),
  part('sag', 'sag_ratio1', '', 1e-4, 1, 'as restMean; also in steps that end above the resting voltage'),
  part(
    'inputResistance',
    'ohmic_input_resistance_vb_ssse',
    'MΩ',
    0.5,
    1,
    'as restMean: earlier steps count as rest in ours',
  ),
  part(
    'timeConstant',
    'time_constant',
    'ms',
    0.01,
    1,
    'eFEL: a line through log V of a stretch that it chooses; here SciPy’s fit of our exponential',
  ),
  part('spikeCount', 'spike_count_stimint', '', 0, 0.9, spikeRule),
  part(
    'meanRate',
    'mean_frequency',
    'Hz',
    0,
    0.9,
    'eFEL divides by the time from the onset to the last spike',
  ),
  part('latency', 'time_to_first_spike', 'ms', 0.5, 0.9, 'eFEL: to the peak, ours to the threshold'),
  part(
    'firstIsi',
    'all_ISI_values',
    'ms',
    0.25,
    0.9,
    'eFEL: from peak to peak, ours from threshold to threshold',
  ),
  part('meanIsi', 'all_ISI_values', 'ms', 0.1, 0.9, 'as firstIsi'),
  part('isiCv', 'ISI_CV', '', 0.005, 0.9, 'eFEL leaves the first interval out and divides by n − 1'),
  part('adaptation', 'adaptation_index2', '', 0.005, 0.9, 'eFEL leaves the first interval out'),
  part('isiRatio', 'all_ISI_values', '', 0.2, 0.9, 'as firstIsi; the last interval over the first'),
  part(
    'burstCount',
    'burst_number',
    '',
    0,
    0.95,
    'eFEL: intervals against 1.5 times the median; a train without a pause is one burst there, none in ours',
  ),
  part('threshold', 'AP_begin_voltage', 'mV', 2, 0.9, threshold),
  part('peak', 'peak_voltage', 'mV', 0.01, 0.9, spikeRule),
  part('amplitude', 'AP_amplitude', 'mV', 2.1, 0.9, threshold),
  part(
    'halfWidth',
    'spike_half_width',
    'ms',
    0.01,
    0.9,
    'eFEL: whole samples, halfway from the peak to the lowest V before the spike',
  ),
  part(
    'maxUpstroke',
    'AP_peak_upstroke',
    'mV/ms',
    40,
    0.9,
    'eFEL: central differences of V every .1 ms, ours after a 10 kHz low-pass',
  ),
  part('maxDownstroke', 'AP_peak_downstroke', 'mV/ms', 15, 0.9, 'as maxUpstroke'),
  part('upDownRatio', 'AP_peak_upstroke / AP_peak_downstroke', '', 0.3, 0.9, 'as maxUpstroke'),
  part('ahpDepth', 'AHP_depth', 'mV', 2, 0.9, 'eFEL: trough − resting voltage, ours threshold − trough'),
  part(
    'fastAhp',
    'fast_AHP',
    'mV',
    2,
    0.9,
    'eFEL: down to the lowest V before the next spike, the last spike left out; ours within 5 ms of the peak',
  ),
  part(
    'ahpTime',
    'AHP_time_from_peak',
    'ms',
    0.15,
    1,
    'eFEL: to the first minimum after the peak, ours to the lowest before the next spike',
  ),
  part('interSpikeVoltage', null, 'mV', 0.1, 0.9, 'eFEL has none; NumPy between its spikes'),
  part(
    'depolarisationBlock',
    'depol_block_bool',
    '',
    0,
    1,
    'eFEL: above the threshold for 50 ms anywhere, ours the last quarter of the step',
  ),
  part('stimMean', null, 'mV', exact, 1, noneOfIt),
  part('stimVar', null, 'mV²', exact, 1, noneOfIt),
  part('stimSkew', null, '', exact, 1, noneOfIt),
  part('stimKurt', null, '', exact, 1, noneOfIt),
];

/** Differences of a feature between us and eFEL, over the sweeps in which both define it. */
export function differences(
  sweeps: readonly ComparedSweep[],
  name: string,
  theirs: 'plain' | 'matched',
): number[] {
  return sweeps.flatMap((sweep) => {
    const [a, b] = [sweep.ours[name] ?? null, sweep[theirs][name] ?? null];
    return a === null || b === null ? [] : [Math.abs(a - b)];
  });
}

export const shareWithin = (all: readonly number[], within: number): number =>
  all.filter((difference) => difference <= within).length / all.length;

/** The table of docs/features.md. */
export function agreementTable(sweeps: readonly ComparedSweep[]): string {
  const heads = [
    'feature',
    'eFEL',
    'as it comes: sweeps',
    'median',
    'largest difference',
    'by our definition: sweeps',
    'median',
    'largest difference',
    'agrees within',
    'why it differs as it comes',
  ];
  const rows = counterparts.map(({ name, efel, unit, within, why }) => {
    const ours = sweeps.filter((sweep) => (sweep.ours[name] ?? null) !== null).length;
    const matched = differences(sweeps, name, 'matched');
    const share = Math.floor(100 * shareWithin(matched, within));
    const shown = within === exact ? 'rounding' : `${within}${unit === '' ? '' : ` ${unit}`}`;
    return [
      `\`${name}\``,
      efel === null ? '–' : `\`${efel}\``,
      ...cells(differences(sweeps, name, 'plain'), ours),
      ...cells(matched, ours),
      `${shown}: ${share} %`,
      why,
    ];
  });
  return markdownTable([heads, ...rows]);
}

/** «57 of 70», median, largest. */
function cells(all: readonly number[], ours: number): [string, string, string] {
  if (all.length === 0) return ['–', '–', '–'];
  return [`${all.length} of ${ours}`, short(median(all)), short(Math.max(...all))];
}

/** Two digits; rounding errors are not told apart: they change with the compiler. */
function short(value: number): string {
  return value < exact ? '0' : String(Number(value.toPrecision(2)));
}
