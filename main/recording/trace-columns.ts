import type { TraceMapping } from '../contract/recording.ts';
import { naturalCompare } from './natural-sort.ts';
import { unitMeaning } from './units.ts';

/** A column of a text file, or a dataset of a plain HDF5 file. */
export interface TraceColumn {
  name: string;
  /** As an attribute states it; null = only the name may say it. */
  unit: string | null;
  samples: number;
  /** Rows of a matrix; 1 of anything else. */
  sweeps: number;
}

export type Role = 'time' | 'voltage' | 'current';

/** What a column is by its name and unit; null parts are not said. */
export interface ColumnMeaning {
  role: Role | null;
  unit: string | null;
}

const timeUnits: Record<string, 's' | 'ms' | 'us'> = {
  s: 's',
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  ms: 'ms',
  msec: 'ms',
  millisecond: 'ms',
  milliseconds: 'ms',
  us: 'us',
  µs: 'us',
  μs: 'us',
  microseconds: 'us',
};

/** s, ms or us for a unit of time as files spell it; null for anything else. */
export function timeUnit(unit: string): 's' | 'ms' | 'us' | null {
  return timeUnits[unit.trim().toLowerCase()] ?? null;
}

const names: readonly [Role, RegExp][] = [
  ['time', /^(t|time|times|timestamps?|zeit|temps|tiempo)$/],
  ['voltage', /^(v|vm|vmem|mv|volt|volts|voltage|voltages|membrane|potential|response|responses|ap|u)$/],
  ['current', /^(i|im|ii|inj|iinj|pa|amp|amps|current|currents|stim|stimulus|command|cmd|injected|strom)$/],
];

/**
 * What a column is, by its unit first («Trace #1 (mV)», «Vm [mV]», «v_mV») and by the words of its name where it states none
 * («time», «I_inj»).
 */
export function columnMeaning({ name, unit }: Pick<TraceColumn, 'name' | 'unit'>): ColumnMeaning {
  const last = name.slice(name.lastIndexOf('/') + 1).trim();
  const named = roleOf(last);
  const bracketed = unit ?? /[([{]\s*([^)\]}]+?)\s*[)\]}]\s*$/.exec(last)?.[1] ?? null;
  const candidate = bracketed ?? /[_\s]([^_\s]+)$/.exec(last)?.[1] ?? '';
  const meaning = unitMeaning(candidate);
  const role = timeUnit(candidate) === null ? (meaning?.quantity ?? null) : 'time';
  // one letter at a name's end is a unit only where the name agrees: t_s, but not sweep_s
  const isUnit = bracketed !== null || candidate.length > 1 || role === named;
  if (role !== null && isUnit) return { role, unit: role === 'time' ? timeUnit(candidate) : candidate };
  return { role: named, unit: null };
}

function roleOf(name: string): Role | null {
  const words = name
    .replace(/[([{].*$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-zµ]+/);
  return names.find(([, pattern]) => words.some((word) => pattern.test(word)))?.[0] ?? null;
}

/** The columns that a mapping's names mean, in natural order where `*` finds several; a number counts columns from 1 where none is named so. */
export function findColumns<C extends TraceColumn>(columns: readonly C[], wanted: string): C[] {
  const exact = columns.find(({ name }) => name === wanted);
  if (exact) return [exact];
  if (wanted.includes('*')) {
    const escaped = wanted.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const pattern = new RegExp(`^${escaped.join('.*')}$`);
    return columns
      .filter(({ name }) => pattern.test(name))
      .toSorted((a, b) => naturalCompare(a.name, b.name));
  }
  const position = /^\d+$/.test(wanted) ? columns[Number(wanted) - 1] : undefined;
  const bare = columns.filter(({ name }) => bareName(name) === wanted);
  return position ? [position] : bare.length === 1 ? bare : [];
}

/** «Vm» of «Vm (mV)». */
function bareName(name: string): string {
  return name.replace(/\s*[([{][^)\]}]*[)\]}]\s*$/, '').trim();
}

/**
 * The mapping that names and units tell without doubt: one time (or a rate that the file states), at least one voltage, and no
 * current, one, or one a voltage, each with its unit. Null where anything is missing or in doubt.
 */
export function certainMapping(columns: readonly TraceColumn[], rateHz: number | null): TraceMapping | null {
  const known = columns.map((column) => ({ column, ...columnMeaning(column) }));
  const of = (role: Role) => known.filter((one) => one.role === role);
  const [times, voltages, currents] = [of('time'), of('voltage'), of('current')];
  const unitOf = (found: typeof known) => {
    const units = new Set(found.map(({ unit }) => unit));
    return units.size === 1 ? [...units][0]! : null;
  };
  const time = times.length === 1 ? times[0]! : null;
  if (times.length > 1 || (time === null && rateHz === null) || (time !== null && time.unit === null))
    return null;
  const voltageUnit = unitOf(voltages);
  const currentUnit = unitOf(currents);
  if (voltageUnit === null || (currents.length > 0 && currentUnit === null)) return null;
  if (currents.length > 1 && currents.length !== voltages.length) return null;
  const named = (found: typeof known) => found.map(({ column }) => column.name);
  return {
    time: time && { column: time.column.name, unit: timeUnit(time.unit!)! },
    rateHz: time === null ? rateHz : null,
    voltage: { columns: named(voltages), unit: voltageUnit },
    current: currentUnit === null ? null : { columns: named(currents), unit: currentUnit },
  };
}
