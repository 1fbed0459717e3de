import { z } from 'zod';
import { calls, type CallName, type Handlers } from '../contract/api.ts';
import { AppError, type WireError } from '../contract/errors.ts';
import { logFault } from './log.ts';

export type Answer = { ok: true; value: unknown } | { ok: false; error: WireError };

/**
 * One call from outside, whatever the door: the name must be of the contract and the input must satisfy its schema
 * before any of our code sees it. Never throws; a fault is logged here and crosses without its stack.
 */
export async function dispatch(handlers: Handlers, name: unknown, input: unknown): Promise<Answer> {
  try {
    if (!isCallName(name)) {
      throw new AppError('usage', `There is no call “${String(name)}”.`, {
        remedy: 'Reload the window; if it comes back, the interface and the application differ in version.',
      });
    }
    return { ok: true, value: await handle(handlers, name, input) };
  } catch (thrown) {
    return { ok: false, error: logFault(thrown, String(name)).toWire() };
  }
}

function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(calls, name);
}

async function handle<N extends CallName>(handlers: Handlers, name: N, input: unknown): Promise<unknown> {
  const checked = calls[name].input.safeParse(input);
  if (!checked.success) {
    throw new AppError(
      'usage',
      `The call ${name} was given what it cannot take: ${z.prettifyError(checked.error)}`,
      {
        remedy: 'Check the values that were entered.',
      },
    );
  }
  const handler = handlers[name] as (checkedInput: unknown) => Promise<unknown>;
  return await handler(checked.data);
}
