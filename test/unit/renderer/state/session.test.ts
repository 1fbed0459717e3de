import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SessionStore } from '../../../../renderer/state/session.ts';
import { FakeTransport } from '../fake-transport.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('reads what main has kept and writes what has rested, the last value of each name', async () => {
  const transport = new FakeTransport({ 'session.read': () => ({ a: '1' }), 'session.write': () => ({}) });
  const session = await SessionStore.open(transport);
  expect([session.getItem('a'), session.getItem('b')]).toEqual(['1', null]);
  session.setItem('a', '1'); // as it was: nothing to write
  session.setItem('b', '2');
  session.setItem('b', '3');
  await vi.advanceTimersByTimeAsync(1000);
  session.setItem('c', '4');
  session.flush();
  const written = transport.asked.filter(({ name }) => name === 'session.write').map(({ input }) => input);
  expect(written).toEqual([
    { key: 'b', value: '3' },
    { key: 'c', value: '4' },
  ]);
});

it('opens as at the first start where main cannot read it', async () => {
  const session = await SessionStore.open(new FakeTransport());
  expect(session.getItem('a')).toBeNull();
});
