import type { TraceMapping } from '../../main/contract/recording.ts';
import type { UnclearColumns } from '../../main/contract/unclear-columns.ts';
import { parseNumber } from '../../main/figures/number.ts';

/** The form as it is filled in: a column's name, or a name with `*` for several; '' = none. */
export interface MappingChoice {
  time: string;
  timeUnit: 's' | 'ms' | 'us';
  rateKhz: string;
  voltage: string;
  voltageUnit: string;
  current: string;
  currentUnit: string;
}

export function choiceOf({ columns, likely }: UnclearColumns): MappingChoice {
  const all = columnChoices(columns);
  const known = (name: string | undefined) => (all.includes(name ?? '') ? name! : '');
  return {
    time: known(likely?.time?.column),
    timeUnit: likely?.time?.unit ?? 'ms',
    rateKhz: typeof likely?.rateHz === 'number' ? String(likely.rateHz / 1000) : '',
    voltage: known(likely?.voltage.columns[0]),
    voltageUnit: likely?.voltage.unit ?? 'mV',
    current: known(likely?.current?.columns[0]),
    currentUnit: likely?.current?.unit ?? 'pA',
  };
}

/** Names, and before them what several have in common but for their numbers: «V*» of V1, V2, V3. */
export function columnChoices(columns: readonly string[]): string[] {
  const groups = Map.groupBy(columns, (name) => name.replace(/\d+/, '*'));
  const shared = [...groups].filter(([pattern, names]) => names.length > 1 && pattern !== '*');
  return [...shared.map(([pattern]) => pattern), ...columns];
}

/** Null while something is missing. */
export function mappingOf(choice: MappingChoice): TraceMapping | null {
  const rateKhz = parseNumber(choice.rateKhz);
  const hasRate = choice.time === '' && rateKhz !== null && rateKhz > 0;
  if (choice.voltage === '' || choice.voltage === choice.current || choice.voltage === choice.time)
    return null;
  if (choice.time === '' ? !hasRate : choice.time === choice.current) return null;
  return {
    time: choice.time === '' ? null : { column: choice.time, unit: choice.timeUnit },
    rateHz: hasRate ? rateKhz * 1000 : null,
    voltage: { columns: [choice.voltage], unit: choice.voltageUnit },
    current: choice.current === '' ? null : { columns: [choice.current], unit: choice.currentUnit },
  };
}
