import { expect, it } from 'vitest';
import { calls, events } from '../../../main/contract/api.ts';
import { callNames, eventNames } from '../../../main/contract/names.ts';

it('lists every call and event of the schema, in its order, and no other', () => {
  expect(callNames).toEqual(Object.keys(calls));
  expect(eventNames).toEqual(Object.keys(events));
});
