import { describe, expect, it, vi } from 'vitest';
import type { Handlers } from '../../../main/contract/api.ts';
import { AppError } from '../../../main/contract/errors.ts';
import { dispatch } from '../../../main/shell/dispatch.ts';

function handlersWith(part: Partial<Handlers>): Handlers {
  return part as Handlers; // the other calls are not made here
}

describe('dispatch', () => {
  it('hands the checked input to the handler and its value back', async () => {
    const rename = vi.fn(async () => ({ id: 'a' }) as never);
    const answer = await dispatch(handlersWith({ 'history.rename': rename }), 'history.rename', {
      id: 'a',
      name: 'b',
    });
    expect(answer).toEqual({ ok: true, value: { id: 'a' } });
    expect(rename).toHaveBeenCalledWith({ id: 'a', name: 'b' });
  });

  it.each(['runs.everything', 'constructor', '__proto__', 7, null])(
    'refuses the unknown call %s',
    async (name) => {
      const answer = await dispatch(handlersWith({}), name, undefined);
      expect(answer).toMatchObject({ ok: false, error: { code: 'usage' } });
    },
  );

  it('refuses an input with a missing, wrong or unknown property before the handler sees it', async () => {
    const remove = vi.fn();
    const handlers = handlersWith({ 'history.delete': remove });
    for (const input of [undefined, {}, { id: 7 }, { id: '' }, { id: 'a', force: true }]) {
      const answer = await dispatch(handlers, 'history.delete', input);
      expect(answer).toMatchObject({ ok: false, error: { code: 'usage' } });
    }
    expect(remove).not.toHaveBeenCalled();
  });

  it('passes an AppError on with its remedy', async () => {
    const error = new AppError('not-found', 'There is no run x.', { remedy: 'List them.' });
    const handlers = handlersWith({ 'history.list': () => Promise.reject(error) });
    expect(await dispatch(handlers, 'history.list', undefined)).toEqual({ ok: false, error: error.toWire() });
  });

  it('logs a fault of ours with its stack and sends it without', async () => {
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const handlers = handlersWith({ 'history.list': () => Promise.reject(new TypeError('no such thing')) });
    const answer = await dispatch(handlers, 'history.list', undefined);
    const logged = log.mock.calls.join('');
    log.mockRestore();
    expect(answer).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(JSON.stringify(answer)).not.toContain('.test.ts');
    expect(logged).toContain('dispatch.test.ts');
  });
});
