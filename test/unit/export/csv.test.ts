import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvTable, matrixRows } from '../../../main/export/csv.ts';

const read = (text: string) => parse(text, { skip_empty_lines: true }) as string[][];

describe('csvTable', () => {
  it('writes numbers that read back as the same doubles', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), (numbers) => {
        const table = csvTable(
          ['a', 'b'],
          numbers.map((number) => [number, 1]),
        );
        const back = read(table)
          .slice(1)
          .map((row) => Number(row[0]));
        expect(back).toEqual(numbers);
      }),
    );
  });
  it('writes a missing value as an empty cell, in a single column as a quoted one', () => {
    expect(
      csvTable(
        ['a', 'b'],
        [
          [NaN, 1.5],
          [null, 'x'],
        ],
      ),
    ).toBe('a,b\n,1.5\n,x\n');
    expect(csvTable(['a'], [[1], [NaN], [2]])).toBe('a\n1\n""\n2\n');
    expect(read(csvTable(['a'], [[1], [NaN], [2]]))).toEqual([['a'], ['1'], [''], ['2']]);
  });
  it('quotes what would break the table', () => {
    const cells = ['a,b', 'say "no"', 'two\nlines', ' µA/cm²'];
    expect(read(csvTable(['1', '2', '3', '4'], [cells]))[1]).toEqual(cells);
  });
});

describe('matrixRows', () => {
  it('cuts a row-major matrix and blanks the absent rows', () => {
    const rows = [...matrixRows(Float64Array.of(1, 2, 3, 4, 5, 6), 2, (row) => row === 1)];
    expect(rows).toEqual([
      [1, 2],
      [NaN, NaN],
      [5, 6],
    ]);
  });
});
