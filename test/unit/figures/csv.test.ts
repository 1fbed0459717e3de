import { expect, it } from 'vitest';
import { csv } from '../../../main/figures/csv.ts';

it('writes numbers as they read back, missing values empty, and quotes what needs it', () => {
  expect(csv(['a', 'b'], [[0.1, NaN], [null, 'x, "y"']])).toBe('a,b\n0.1,\n,"x, ""y"""\n'); // prettier-ignore
});
