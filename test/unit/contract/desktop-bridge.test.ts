import { expect, it } from 'vitest';
import { transportOf, type DesktopBridge } from '../../../main/contract/desktop-bridge.ts';
import { AppError } from '../../../main/contract/errors.ts';

function bridge(answer: Awaited<ReturnType<DesktopBridge['call']>>): DesktopBridge {
  return {
    call: () => Promise.resolve(answer),
    on: () => () => undefined,
    pathOf: (file) => `/data/${file.name}`,
  };
}

it('gives the value of an answer', async () => {
  const transport = transportOf(bridge({ ok: true, value: { path: '/example.nwb' } }));
  expect(await transport.invoke('recording.example', undefined)).toEqual({ path: '/example.nwb' });
  expect(await transport.pathOf(new File([], 'cell.nwb'))).toBe('/data/cell.nwb');
});

it('turns a refused call into an AppError with its code, remedy and details', async () => {
  const error = {
    code: 'not-found',
    message: 'There is no run x.',
    remedy: 'List them.',
    details: { id: 'x' },
  } as const;
  const thrown: unknown = await transportOf(bridge({ ok: false, error }))
    .invoke('history.show', { id: 'x' })
    .catch((e: unknown) => e);
  expect(thrown).toBeInstanceOf(AppError);
  expect((thrown as AppError).toWire()).toEqual(error);
});
