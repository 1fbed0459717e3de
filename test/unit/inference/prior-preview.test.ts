import { afterAll, beforeAll, expect, it } from 'vitest';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import { inspectRecording } from '../../../main/features/inspection.ts';
import { PriorPreviews } from '../../../main/inference/prior-preview.ts';
import type { InspectedRecording } from '../../../main/inference/recording-problem.ts';
import { exampleRecording } from '../../../main/shell/app-root.ts';

/** On sweep 4 of the bundled recording, which has six spikes. */
const path = exampleRecording()!;
const previews = new PriorPreviews();
let opened: InspectedRecording;
beforeAll(async () => {
  opened = await inspectRecording(path);
});
afterAll(async () => {
  await previews.close();
  await opened.recording.close();
});

const request = (parameters: object = {}, seed = 1) => ({
  config: fitConfigSchema.parse({
    source: { recording: path, sweep: 4 },
    parameters,
    cell: { capacitancePf: 90, liquidJunctionMv: -14 },
  }),
  draws: 8,
  columns: 400,
  seed,
});

it('lays draws from the prior over the recording: the same for a seed, others for another', async () => {
  const first = await previews.simulate(request(), opened);
  expect(first.observedSpikes).toBe(6);
  expect(first.draws).toHaveLength(8);
  expect(Math.max(...first.observedMaxMv)).toBeCloseTo(61 - 14, -1);
  expect(await previews.simulate(request(), opened)).toEqual({ ...first, seconds: expect.any(Number) });
  const other = await previews.simulate(request({}, 2), opened);
  expect(other.draws[0]!.maxMv).not.toEqual(first.draws[0]!.maxMv);
});

it('draws from the prior as it is edited: without sodium nothing spikes', async () => {
  const { draws } = await previews.simulate(request({ gNa: { prior: { uniform: [1e-6, 1e-5] } } }), opened);
  expect(draws.map(({ spikes }) => spikes ?? 0)).toEqual(draws.map(() => 0));
  expect((await previews.simulate(request({ gNa: { fixed: 1e-6 } }), opened)).draws).toHaveLength(8);
});

it('ends a simulator that nobody asks any more, and makes another when it is asked again', async () => {
  const short = new PriorPreviews(20);
  const first = await short.simulate(request(), opened);
  expect(short.keepsSimulator).toBe(true);
  await expect.poll(() => short.keepsSimulator).toBe(false);
  expect((await short.simulate(request(), opened)).draws).toEqual(first.draws);
  await short.close();
});

it('refuses a configuration without a recording, and answers the next question', async () => {
  const { config, ...rest } = request();
  await expect(
    previews.simulate({ ...rest, config: { ...config, source: null } }, opened),
  ).rejects.toMatchObject({ code: 'usage' });
  expect((await previews.simulate(request(), opened)).draws).toHaveLength(8);
});
