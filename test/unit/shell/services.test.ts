import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { calls } from '../../../main/contract/api.ts';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import { asStated } from '../../../main/contract/recording.ts';
import { dispatch } from '../../../main/shell/dispatch.ts';
import type { EventMessage } from '../../../main/shell/event-bus.ts';
import { createServices, type Services } from '../../../main/shell/services.ts';

/** The services as the doors use them: with their threads, on a history of their own. */
let folder: string;
let services: Services;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chronaxie-services-'));
  services = createServices({ transport: 'served', history: join(folder, 'history.sqlite') });
});
afterEach(async () => {
  await services.close();
  rmSync(folder, { recursive: true });
});

it('answers every call of the contract', () => {
  expect(Object.keys(services.handlers).sort()).toEqual(Object.keys(calls).sort());
});

it('answers from its threads, and in words where there is nothing to answer', async () => {
  const { handlers } = services;
  const { path } = await handlers['recording.example'](undefined);
  const outline = await handlers['recording.outline']({ path, reading: asStated });
  expect(outline.sweeps.length).toBeGreaterThan(5);
  expect((await handlers['model.list'](undefined)).map(({ name }) => name)).toContain('hh8');
  const view = handlers['posterior.view']({ id: 'no-such-run', round: 1, grid: 64 });
  await expect(view).rejects.toMatchObject({ code: 'not-found' });
});

it('computes a run in its thread: its news arrive, its rounds are in the history, its posterior can be seen', async () => {
  const { handlers, fits, events, history } = services;
  const seen: EventMessage[] = [];
  events.listen((message) => seen.push(message));
  const { path } = await handlers['recording.example'](undefined);
  const config = fitConfigSchema.parse({
    source: { recording: path, sweep: 4 },
    rounds: 1,
    simulations: 200,
  });
  const { id } = fits.start({ config });
  const result = await fits.outcome(id);
  expect(result.summary.id).toBe(id);
  expect(history.detail(id)).toMatchObject({ state: 'finished', roundsDone: 1 });
  expect(new Set(seen.map(({ event }) => event))).toContain('run.progress');
  expect(seen.filter(({ event }) => event === 'run.round')).toHaveLength(1);
  const view = await handlers['posterior.view']({ id, round: 1, grid: 32 });
  expect(view.marginals).toHaveLength(8);
  expect(view.marginals[0]!.grid).toBeInstanceOf(Float64Array);
}, 120_000);

it('says that a run was cancelled, whose thread was told so', async () => {
  const { handlers, fits, history } = services;
  const { path } = await handlers['recording.example'](undefined);
  const config = fitConfigSchema.parse({ source: { recording: path, sweep: 4 }, simulations: 100_000 });
  const { id } = fits.start({ config });
  const outcome = fits.outcome(id).catch((error: unknown) => error);
  await new Promise<void>((resolve) =>
    services.events.listen(({ event }) => event === 'run.progress' && resolve()),
  );
  expect(fits.cancel(id)).toBe(true);
  expect(await outcome).toMatchObject({ code: 'cancelled' });
  expect(history.detail(id).state).toBe('cancelled');
}, 60_000);

it('ends quietly while views are pending', async () => {
  const { handlers } = services;
  const { path } = await handlers['recording.example'](undefined);
  const pending = dispatch(handlers, 'recording.inspect', { path });
  await services.close();
  expect(await pending).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(await handlers['app.log'](undefined)).toEqual([]);
});
