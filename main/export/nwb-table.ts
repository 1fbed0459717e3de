import { randomUUID } from 'node:crypto';
import type { Dataset, Group } from 'h5wasm/node';
import { writeDataset } from './hdf5-writer.ts';

/** A column of a table: a value a row, or with `width` a row of a matrix. */
export interface Column {
  name: string;
  description: string;
  values: Float64Array | Int32Array | readonly string[];
  width?: number;
}

/** The namespace that tables belong to: hdmf-common, in files from before NWB 2.2 core itself. */
export type TableNamespace = 'hdmf-common' | 'core';

/** What HDMF keeps for itself: a column of this name would hide one of the table's own fields. */
const taken = new Set(['name', 'id', 'description', 'columns', 'colnames', 'parent', 'chain']);

/** Marks an object as one of a data type, so that PyNWB knows what it is. */
export function markType(object: Group | Dataset, namespace: string, type: string): void {
  object.create_attribute('namespace', namespace);
  object.create_attribute('neurodata_type', type);
  object.create_attribute('object_id', randomUUID());
}

/**
 * A DynamicTable with its columns and row numbers from 0. Source: hdmf-common schema, table.yaml.
 * @param namespace of this file's tables
 */
export function writeTable(
  parent: Group,
  table: { name: string; description: string; columns: readonly Column[] },
  namespace: TableNamespace,
): void {
  const group = parent.create_group(table.name);
  markType(group, namespace, 'DynamicTable');
  group.create_attribute('description', table.description);
  const names = columnNames(table.columns.map(({ name }) => name));
  group.create_attribute('colnames', names, [names.length], 'S');
  const rows = table.columns.reduce(
    (most, { values, width = 1 }) => Math.max(most, width === 0 ? 0 : values.length / width),
    0,
  );
  const ids = writeDataset(
    group,
    'id',
    Int32Array.from({ length: rows }, (_, i) => i),
  );
  markType(ids, namespace, 'ElementIdentifiers');
  table.columns.forEach(({ description, values, width }, i) => {
    const shape = width === undefined ? [rows] : [rows, width];
    const column = writeDataset(group, names[i]!, values, shape);
    markType(column, namespace, 'VectorData');
    column.create_attribute('description', description);
  });
}

/** In a path “/” leads to another object, and “:” is no sign of a name in NWB; two columns are never called the same. */
export function columnNames(names: readonly string[]): string[] {
  const used = new Set<string>(taken);
  return names.map((name) => {
    let own = name.replaceAll(/[/:]/g, '_');
    while (used.has(own)) own += '_';
    used.add(own);
    return own;
  });
}
