import { expect, it } from 'vitest';
import { AppError } from '../../../main/contract/errors.ts';
import { unclearColumns } from '../../../main/contract/unclear-columns.ts';

const error = (details: Record<string, string>) =>
  new AppError('input-invalid', 'The columns do not tell.', { remedy: 'Say it.', details });
const likely = {
  ...{ time: { column: 't', unit: 'ms' }, rateHz: null },
  ...{ voltage: { columns: ['V'], unit: 'mV' }, current: null },
};

it('tells the columns of a refusal, and what is likely of them', () => {
  const refusal = error({ columns: '["t","V","x"]', likelyMapping: JSON.stringify(likely) });
  expect(unclearColumns(refusal)).toEqual({ columns: ['t', 'V', 'x'], likely });
});

it('is of no other error, and of no damaged answer', () => {
  expect(unclearColumns(error({ file: 'a.csv' }))).toBeNull();
  expect(unclearColumns(error({ columns: '[' }))).toBeNull();
  expect(unclearColumns(error({ columns: '["a"]', likelyMapping: 'null' }))?.likely).toBeNull();
});
