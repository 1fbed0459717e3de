import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../main/contract/errors.ts';
import { SimulatorState, type OpenSimulator } from '../../../../renderer/state/simulator.svelte.ts';
import { FakeTransport } from '../fake-transport.ts';

const opened: OpenSimulator = {
  simulator: '/up/a.mjs',
  observation: '/up/x.csv',
  parameters: [{ name: 'mu', unit: '', prior: { uniform: [0, 1] } }],
  features: [{ name: 'x', unit: '', observed: 0.5 }],
};

describe('a simulator module', () => {
  it('is not run before it is allowed', async () => {
    const transport = new FakeTransport({ 'simulator.open': () => opened });
    const module = new SimulatorState(transport);
    module.choose('/up/a.mjs', ['/up/x.csv']);
    await module.add(['/up/y.csv']);
    expect(transport.asked).toEqual([]);
    expect(module.isAllowed).toBe(false);
    await module.open();
    expect(transport.asked).toEqual([
      { name: 'simulator.open', input: { module: '/up/a.mjs', files: ['/up/y.csv', '/up/x.csv'] } },
    ]);
    expect(module.opened).toEqual(opened);
  });

  it('is opened again with what it lacked, and keeps what was wrong until then', async () => {
    const transport = new FakeTransport({
      'simulator.open': ({ files }) => {
        if (files.length > 0) return opened;
        throw new AppError('input-invalid', 'a.mjs has no observation yet.', { remedy: 'Drop one.' });
      },
    });
    const module = new SimulatorState(transport);
    module.choose('/up/a.mjs', []);
    await module.open();
    expect(module.error?.message).toBe('a.mjs has no observation yet.');
    await module.add(['/up/x.csv']);
    expect(module.error).toBeNull();
    expect(module.opened).toEqual(opened);
  });

  it('asks anew for another module, and drops an answer that came too late', async () => {
    const answer = Promise.withResolvers<OpenSimulator>();
    const module = new SimulatorState(new FakeTransport({ 'simulator.open': () => answer.promise }));
    module.choose('/up/a.mjs', []);
    const opening = module.open();
    module.choose('/up/b.mjs', []);
    answer.resolve(opened);
    await opening;
    expect(module.opened).toBeNull();
    expect(module.isAllowed).toBe(false);
  });
});
