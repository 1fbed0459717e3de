import { mkdirSync, mkdtempSync, rmSync, writeFileSync, copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../main/contract/errors.ts';
import { simulatorService } from '../../../main/shell/simulator-service.ts';

const examples = join(import.meta.dirname, '../../../resources/examples/simulators');
let uploads: string;
beforeEach(() => {
  uploads = mkdtempSync(join(tmpdir(), 'chronaxie-uploads-'));
});
afterEach(() => rmSync(uploads, { recursive: true }));

const open = (module: string, ...files: string[]) =>
  simulatorService(uploads)['simulator.open']({ module, files });
const refusal = (opening: Promise<unknown>) =>
  opening.then(
    () => null,
    (thrown: unknown) => AppError.from(thrown),
  );

/** A file as a page sends it: in a folder of its own. */
function uploaded(name: string): string {
  const folder = join(uploads, `hash-of-${name}`);
  mkdirSync(folder);
  copyFileSync(join(examples, name), join(folder, name));
  return join(folder, name);
}
function written(name: string, text: string): string {
  writeFileSync(join(uploads, name), text);
  return join(uploads, name);
}

describe('opening a simulator module', () => {
  it('tells what it declares and what was observed', async () => {
    const module = join(examples, 'gaussian-mixture-2d.mjs');
    const observation = join(examples, 'gaussian-mixture-2d-observation.csv');
    const opened = await open(module, observation);
    expect(opened).toMatchObject({ simulator: module, observation });
    expect(opened.parameters.map(({ prior }) => prior)).toEqual([
      { uniform: [-10, 10] },
      { uniform: [-10, 10] },
    ]);
    expect(opened.features).toHaveLength(2);
    expect(opened.features.every(({ observed }) => Number.isFinite(observed))).toBe(true);
  });

  it('puts files that came from a page beside each other, and finds the observation among the tables', async () => {
    const names = [
      'bernoulli-glm.mjs',
      'bernoulli-glm-stimulus.csv',
      'bernoulli-glm-observation.csv',
    ] as const;
    const [module, ...tables] = names.map(uploaded);
    const opened = await open(module!, ...tables);
    expect(opened.observation).toMatch(/bernoulli-glm-observation\.csv$/);
    expect(dirname(opened.observation)).toBe(dirname(opened.simulator));
    expect(opened.parameters).toHaveLength(10);
    expect((await open(module!, ...tables)).simulator).toBe(opened.simulator);
  });

  it('says which features an observation must have where there is none', async () => {
    const error = await refusal(open(join(examples, 'gaussian-mixture-2d.mjs')));
    expect(error).toMatchObject({ code: 'input-invalid' });
    expect(error!.message).toBe('gaussian-mixture-2d.mjs has no observation yet.');
    expect(error!.remedy).toMatch(/^Drop a CSV file with the header x1,x2 and one row of values/);
  });

  it('says what is wrong with an observation, and with a module', async () => {
    const module = join(examples, 'gaussian-mixture-2d.mjs');
    const wrong = await refusal(open(module, written('wrong.csv', 'a,b\n1,2\n')));
    expect(wrong).toMatchObject({ code: 'input-invalid' });
    expect(wrong!.message).toContain('unknown features a, b');
    const broken = await refusal(open(written('broken.mjs', 'export const parameters = ;')));
    expect(broken).toMatchObject({ code: 'simulator-invalid' });
  });
});
