import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lineOfKey } from '../../../main/model/json-place.ts';

const text = JSON.stringify(
  { name: 'a "b" \\', list: [[], { 'x y': 1.5e3, z: [true, null] }, 'end'], last: {} },
  null,
  2,
);
const lines = text.split('\n');

it.each([
  ['', '{'],
  ['name', '"name"'],
  ['list.1.x y', '"x y"'],
  ['list.1.z.1', 'null'],
  ['list.2', '"end"'],
  ['last', '"last"'],
  ['list.1.absent', '{'],
])('finds «%s»', (key, start) => {
  expect(lines[lineOfKey(text, key) - 1]!.trim().startsWith(start)).toBe(true);
});

it('finds every top-level value of any document', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ minLength: 1, unit: fc.constantFrom(...'ab"\\:,{}[] é') }), fc.json()),
      (raw) => {
        const document = Object.fromEntries(
          Object.entries(raw).map(([key, json]) => [key, JSON.parse(json) as unknown]),
        );
        const written = JSON.stringify(document, null, 1);
        let line = 2;
        for (const key of Object.keys(document)) {
          // A key with a point would be read as two.
          expect(lineOfKey(written, key)).toBe(line);
          line += JSON.stringify(document[key], null, 1).split('\n').length;
        }
      },
    ),
    { seed: 5 },
  );
});
