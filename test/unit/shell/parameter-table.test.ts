import { describe, expect, it } from 'vitest';
import { AppError } from '../../../main/contract/errors.ts';
import { parseParameterTable, readParameterTable } from '../../../main/shell/parameter-table.ts';

const names = ['gNa', 'gK', 'tauMax'];
const parse = (text: string) => parseParameterTable(text, 'p.csv', names);

function refusal(text: string): AppError {
  try {
    parse(text);
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
  throw new Error('it was accepted');
}

describe('PARAMS.csv', () => {
  it('takes columns in any order and gives the model’s order', () => {
    const { theta, n } = parse('\uFEFFtauMax, gNa ,gK\r\n600,50,5\r\n\r\n1e3,"2.5",-1\r\n');
    expect(n).toBe(2);
    expect(theta).toEqual(new Float64Array([50, 5, 600, 2.5, -1, 1000]));
  });

  it('names the nearest parameter where one is unknown', () => {
    const error = refusal('gNa,gk2,tauMax\n1,2,3\n');
    expect(error.code).toBe('input-invalid');
    expect(error.message).toBe('p.csv, line 1: the model has no parameter “gk2”; did you mean “gK”?');
  });

  it.each([
    ['a parameter without a column', 'gNa,gK\n1,2\n', 'line 1: no column for tauMax'],
    ['a parameter twice', 'gNa,gK,gK,tauMax\n1,2,2,3\n', 'line 1: “gK” stands there twice'],
    ['an empty cell', 'gNa,gK,tauMax\n1,2,3\n\n4,,6\n', 'line 4: gK is empty'],
    ['a word', 'gNa,gK,tauMax\n1,2,3\n4,much,6\n', 'line 3: gK is “much”, not a number'],
    ['NaN', 'gNa,gK,tauMax\n1,NaN,3\n', 'line 2: gK is “NaN”, not a number'],
    ['infinity', 'gNa,gK,tauMax\n1,Infinity,3\n', 'line 2: gK is “Infinity”, not a number'],
    ['a hexadecimal number', 'gNa,gK,tauMax\n1,0x10,3\n', 'line 2: gK is “0x10”, not a number'],
    ['a decimal comma', 'gNa,gK,tauMax\n1,"2,5",3\n', 'line 2: gK is “2,5”, not a number'],
    ['a row that is too short', 'gNa,gK,tauMax\n1,2\n', 'line 2: 2 cells under 3 names'],
    ['a row that is too long', 'gNa,gK,tauMax\n1,2,3,4\n', 'line 2: 4 cells under 3 names'],
    ['a header alone', 'gNa,gK,tauMax\n', 'there is a header and no row'],
    ['nothing', '', 'the file is empty'],
    ['an open quotation mark', 'gNa,gK,tauMax\n1,"2,3\n', 'is not a CSV file'],
  ])('refuses %s with its place', (_what, text, message) => {
    const error = refusal(text);
    expect(error.message).toContain(message);
    expect(error.remedy).not.toBe('');
  });

  it('says which file is not there', async () => {
    await expect(readParameterTable('/nowhere/p.csv', names)).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });
});
