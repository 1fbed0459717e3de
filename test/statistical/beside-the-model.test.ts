import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { fitConfigSchema } from '../../main/contract/config.ts';
import { prepareProblem } from '../../main/inference/problem.ts';
import { runFit } from '../../main/inference/run-fit.ts';
import { MemoryStore } from '../support/memory-store.ts';

/** A small fit of hh8 to the bundled recording, which the model makes nearly but not quite. */
async function fitExample(featureNoise: number | null) {
  const recording = fileURLToPath(new URL('../../resources/examples/18711001-steps.nwb', import.meta.url));
  const config = fitConfigSchema.parse({
    source: { recording, sweep: 4 },
    cell: { liquidJunctionMv: -14 },
    simulations: 2000,
    rounds: 3,
    network: { family: 'bounded', ensemble: 1 },
    training: { maxEpochs: 60, featureNoise },
    strict: true,
  });
  const prepare = () => prepareProblem(config);
  return (await runFit({ id: 'example', config, store: new MemoryStore(), version: 'test', prepare }))
    .summary;
}

it('leads to the recording once features have noise, which a fit finds out by itself and says', async () => {
  const [sharp, free] = [await fitExample(0), await fitExample(null)];
  expect(sharp.diagnostics.verdict).not.toBe('trust');
  expect(free.diagnostics.verdict).toBe('trust');
  const said = ({ rounds }: typeof free) => rounds.at(-1)!.notices.join();
  expect(said(free)).toMatch('0.1 standard deviations');
  expect(said(sharp)).toBe('');
});
