import { AppError } from '../contract/errors.ts';
import type { TraceMapping } from '../contract/recording.ts';
import { columnMeaning, timeUnit, type TraceColumn } from './trace-columns.ts';
import { unitMeaning } from './units.ts';

const form = 'Write time=COLUMN:ms,voltage=COLUMN:mV,current=COLUMN:pA, or rate=20kHz instead of time.';

function wrong(message: string): AppError {
  return new AppError('usage', message, { remedy: form });
}

/**
 * A mapping as it is typed: `time=t:ms,voltage=V1+V2:mV,current=i:pA`, or `rate=20kHz,voltage=2:V`. After the last colon of a part its
 * unit; several columns are joined by `+` or meant by `*`.
 *
 * @throws AppError `usage`
 */
export function parseMapping(text: string): TraceMapping {
  const parts = new Map<string, string>();
  for (const part of text.split(/,(?=\s*\w+\s*=)/)) {
    const at = part.indexOf('=');
    const key = part.slice(0, Math.max(at, 0)).trim().toLowerCase();
    if (!['time', 'rate', 'voltage', 'current'].includes(key))
      throw wrong(
        `“${part.trim()}” is no part of a mapping: it has to begin with time=, rate=, voltage= or current=.`,
      );
    if (parts.has(key)) throw wrong(`The mapping has ${key}= twice.`);
    parts.set(key, part.slice(at + 1).trim());
  }
  const voltage = parts.get('voltage');
  if (voltage === undefined) throw wrong('The mapping does not say which column is the voltage.');
  if (parts.has('time') === parts.has('rate')) throw wrong('The mapping needs either time= or rate=.');
  const current = parts.get('current');
  return {
    time: parts.has('time') ? timeOf(parts.get('time')!) : null,
    rateHz: parts.has('rate') ? rateOf(parts.get('rate')!) : null,
    voltage: columnsOf('voltage', voltage),
    current: current === undefined ? null : columnsOf('current', current),
  };
}

/** The same as text, which reads back as the same mapping. */
export function mappingText({ time, rateHz, voltage, current }: TraceMapping): string {
  return [
    time ? `time=${time.column}:${time.unit}` : `rate=${rateHz}Hz`,
    `voltage=${voltage.columns.join('+')}:${voltage.unit}`,
    ...(current ? [`current=${current.columns.join('+')}:${current.unit}`] : []),
  ].join(',');
}

/** What a file says of its time without naming a column for it. */
export interface TimeHints {
  rateHz: number | null;
  /** The unit that a first column which increases from row to row is likely in; null = it does not. */
  firstColumn: 's' | 'ms' | null;
}

/** A mapping that would be understood, for a file whose columns do not tell theirs: told ones as they are, the others in their order. */
export function exampleMapping(columns: readonly TraceColumn[], hints: TimeHints): string {
  const left = columns.map((column, index) => ({ index, name: column.name, ...columnMeaning(column) }));
  const take = (role: 'time' | 'voltage' | 'current', usual: string): string | null => {
    const next = left.find((one) => one.role === role) ?? left.find((one) => one.role === null);
    if (next === undefined) return null;
    left.splice(left.indexOf(next), 1);
    const name = /[+,=*:]/.test(next.name) ? `${next.index + 1}` : next.name;
    return `${role}=${name}:${next.unit ?? usual}`;
  };
  const hasTime =
    left.some(({ role }) => role === 'time') || (hints.firstColumn !== null && columns.length > 1);
  const time = hasTime
    ? take('time', hints.firstColumn ?? 's')
    : `rate=${hints.rateHz === null ? '20kHz' : `${hints.rateHz}Hz`}`;
  return [time, take('voltage', 'mV') ?? 'voltage=COLUMN:mV', take('current', 'pA')]
    .filter((part) => part !== null)
    .join(',');
}

/** The same as a mapping; null where it lacks a part. */
export function likelyMapping(example: string): TraceMapping | null {
  return example.includes('=COLUMN:') ? null : parseMapping(example);
}

/** «COLUMN:UNIT» at its last colon. */
function withUnit(role: string, text: string, example: string): [string, string] {
  const at = text.lastIndexOf(':');
  if (at <= 0 || at === text.length - 1)
    throw wrong(
      `The mapping’s ${role} “${text}” has no unit: write ${role}=${text.replace(/:$/, '') || 'COLUMN'}:${example}.`,
    );
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function timeOf(text: string): NonNullable<TraceMapping['time']> {
  const [column, stated] = withUnit('time', text, 'ms');
  const unit = timeUnit(stated);
  if (unit === null) throw wrong(`“${stated}” is not a unit of time: s, ms and us are.`);
  return { column, unit };
}

function columnsOf(role: 'voltage' | 'current', text: string): TraceMapping['voltage'] {
  const usual = role === 'voltage' ? 'mV' : 'pA';
  const [columns, unit] = withUnit(role, text, usual);
  if (unitMeaning(unit)?.quantity !== role)
    throw wrong(
      `“${unit}” is not a unit of ${role}: ${role === 'voltage' ? 'V and mV' : 'A, nA and pA'} are.`,
    );
  return { columns: columns.split('+').map((name) => name.trim()), unit };
}

function rateOf(text: string): number {
  const match = /^([\d.]+(?:e\d+)?)\s*(k?hz)?$/i.exec(text);
  const rate = Number(match?.[1]) * (match?.[2]?.toLowerCase() === 'khz' ? 1000 : 1);
  if (!(rate > 0 && Number.isFinite(rate))) throw wrong(`“${text}” is not a sampling rate, such as 20kHz.`);
  return rate;
}
