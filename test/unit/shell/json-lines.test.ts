import { expect, it } from 'vitest';
import { jsonLines } from '../../../main/shell/json-lines.ts';

it('finds the line of every key and element', () => {
  const text =
    '{\n  "a": 1,\n  "b": {\n    "c \\" d": [\n      10,\n      {"e": "f: \\"g\\": 1"}\n    ]\n  }\n}';
  JSON.parse(text); // the example is valid
  expect(Object.fromEntries(jsonLines(text))).toEqual({
    '/a': 2,
    '/b': 3,
    '/b/c " d': 4,
    '/b/c " d/0': 5,
    '/b/c " d/1': 6,
    '/b/c " d/1/e': 6,
  });
});

it('does not take a text that looks like a key for one', () => {
  expect([...jsonLines('{"a": "\\"b\\": 1"}').keys()]).toEqual(['/a']);
});
