import { AppError } from '../contract/errors.ts';
import type { TraceMapping, Warning } from '../contract/recording.ts';
import { exampleMapping, likelyMapping, mappingText, type TimeHints } from './mapping-text.ts';
import type { FileSweep } from './recording-file.ts';
import type { Series } from './series.ts';
import type { TimeBase } from './time-base.ts';
import { certainMapping, findColumns, type TraceColumn } from './trace-columns.ts';
import { unitMeaning } from './units.ts';

/** The columns that a mapping means, found in a file. */
export interface MappedColumns<C extends TraceColumn> {
  mapping: TraceMapping;
  time: C | null;
  voltage: C[];
  current: C[];
}

/**
 * What the columns are: by the mapping that was given, else by their names and units.
 *
 * @throws AppError `input-invalid` where they do not tell, or the mapping names others
 */
export function mapColumns<C extends TraceColumn>(
  path: string,
  columns: readonly C[],
  given: TraceMapping | null,
  hints: TimeHints,
): MappedColumns<C> {
  const mapping = given ?? certainMapping(columns, hints.rateHz);
  const example = exampleMapping(columns, hints);
  const listed = columns.slice(0, 12).map(({ name }) => `“${name}”`);
  const all = `${listed.join(', ')}${columns.length > 12 ? ` and ${columns.length - 12} more` : ''}`;
  const fault = (message: string) =>
    new AppError('input-invalid', `${path}: ${message}`, {
      remedy: `Say which are time, voltage and current, for example: --map "${example}"`,
      details: {
        file: path,
        likelyMapping: JSON.stringify(likelyMapping(example)),
        columns: JSON.stringify(columns.slice(0, 200).map(({ name }) => name)),
      },
    });
  if (mapping === null)
    throw fault(`the columns ${all} do not tell which are time, voltage and current, and in which units.`);
  const find = (names: readonly string[]) =>
    names.flatMap((name) => {
      const found = findColumns(columns, name);
      if (found.length === 0) throw fault(`there is no column “${name}”, only ${all}.`);
      return found;
    });
  const time = mapping.time ? find([mapping.time.column]) : [];
  const voltage = find(mapping.voltage.columns);
  const current = find(mapping.current?.columns ?? []);
  if (time.length > 1) throw fault('several columns are given as the time.');
  const sweeps = countSweeps(voltage);
  if (current.length > 0 && countSweeps(current) !== 1 && countSweeps(current) !== sweeps)
    throw fault(`${sweeps} sweeps of voltage and ${countSweeps(current)} of current do not belong together.`);
  const named = (found: readonly C[]) => found.map(({ name }) => name);
  return {
    mapping: {
      time: mapping.time && { ...mapping.time, column: time[0]!.name },
      rateHz: mapping.rateHz,
      voltage: { ...mapping.voltage, columns: named(voltage) },
      current: mapping.current && { ...mapping.current, columns: named(current) },
    },
    time: time[0] ?? null,
    voltage,
    current,
  };
}

/** Sweeps with their series; a series' path is its column's name and, of a matrix, the row behind `#`. */
export function mappedSweeps<C extends TraceColumn>(found: MappedColumns<C>, time: TimeBase): FileSweep[] {
  const series = (columns: readonly C[], unit: string): Series[] => {
    const { quantity, toInternal } = unitMeaning(unit)!;
    return columns.flatMap((column) =>
      Array.from({ length: column.sweeps }, (_, row): Series => {
        const path = column.sweeps > 1 ? `${column.name}#${row}` : column.name;
        return {
          ...{ path, target: path, name: path, mode: 'current-clamp', samples: column.samples },
          ...{ rateHz: time.rateHz, startS: null, sweepNumber: null, electrode: null, quantity },
          ...{ scale: toInternal, shift: 0, tenfoldVm: null, problem: time.problem },
        };
      }),
    );
  };
  const { mapping } = found;
  const currents = mapping.current ? series(found.current, mapping.current.unit) : [];
  return series(found.voltage, mapping.voltage.unit).map((response, sweep): FileSweep => {
    const applied = currents.length === 1 ? currents[0]! : currents[sweep];
    return {
      ...{ sweep, name: response.name, mode: 'current-clamp', response, start: 0, count: response.samples },
      stimulus: applied ? { series: applied, start: 0 } : null,
    };
  });
}

/** What was taken for what, where nobody said it. */
export function mappingNotes(mapping: TraceMapping, given: boolean): Warning[] {
  if (given) return [];
  const some = ({ columns, unit }: TraceMapping['voltage']) => ({
    columns: columns.length > 3 ? [`${columns[0]} … ${columns.at(-1)}`] : columns,
    unit,
  });
  const { voltage, current } = mapping;
  const shown = { ...mapping, voltage: some(voltage), current: current && some(current) };
  return [
    {
      code: 'columns-read',
      message: `The columns were told by their names and units: ${mappingText(shown)}.`,
      remedy: 'If one is another, say so with --map, or as cell.mapping of a configuration.',
    },
  ];
}

function countSweeps(columns: readonly TraceColumn[]): number {
  return columns.reduce((sum, { sweeps }) => sum + sweeps, 0);
}
