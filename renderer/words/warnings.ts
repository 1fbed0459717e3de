import { type UnitFactors, unitsAsStated, type Warning } from '../../main/contract/recording.ts';

/** Remedies that lie on the screen; the command line names its configuration keys in their place. */
const onScreen: Record<string, string> = {
  'liquid-junction-potential':
    'If it was not, correct it in Recording: −14 mV is usual for potassium gluconate inside and cerebrospinal fluid outside.',
  'capacitance-assumed': 'Enter the value you measured as the capacitance of the recording.',
  'capacitance-from-onset':
    'Enter the value you measured, if you have it, as the capacitance of the recording.',
  'missing-stimulus':
    'If it was a rectangular step, say when it was and how large; the file itself is not changed.',
  'columns-read': 'If one is wrong, name the columns in the first line of the file, with units: “Vm (mV)”.',
  'recorded-stimulus': 'Steps found in it are used without the noise; or inject it as it is.',
};

/** A recording's warning with the remedy that the interface offers. */
export function warningWords(
  warning: Warning,
  likely: UnitFactors = unitsAsStated,
): { message: string; remedy: string } {
  const mendable = likely.voltageFactor !== null || likely.currentFactor !== null;
  if (warning.code === 'implausible-units' && mendable)
    return { message: warning.message, remedy: 'If so, multiply here; the file itself is not changed.' };
  return { message: warning.message, remedy: onScreen[warning.code] ?? warning.remedy };
}
