import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { historyFile } from '../../../main/history/data-folder.ts';

describe('historyFile', () => {
  it('prefers the argument, then the environment, then the user’s data folder', () => {
    const environment = { CHRONAXIE_HISTORY: resolve('/lab/history.sqlite') };
    expect(historyFile(resolve('/mine.sqlite'), environment)).toBe(resolve('/mine.sqlite'));
    expect(historyFile(undefined, environment)).toBe(resolve('/lab/history.sqlite'));
    expect(historyFile(undefined, {})).toMatch(/chronaxie.*history\.sqlite$/i);
  });
  it('makes a relative path absolute and takes an empty one for none', () => {
    expect(historyFile('runs.sqlite', {})).toBe(join(process.cwd(), 'runs.sqlite'));
    expect(historyFile('', { CHRONAXIE_HISTORY: '' })).toBe(historyFile(undefined, {}));
  });
});
