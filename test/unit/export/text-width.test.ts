import { expect, it } from 'vitest';
import { textWidth } from '../../../main/export/text-width.ts';

// Adobe's metrics of the standard fonts: T 611, i 222, m 833, e 556, space 278; bold T 611, i 278; Symbol minus 549, tau 439.
it('adds up the widths that Adobe gives for Helvetica', () => {
  expect(textWidth('Time', '10px sans-serif')).toBeCloseTo(22.22, 10);
  expect(textWidth('Time', 'italic 10px sans-serif')).toBeCloseTo(22.22, 10);
  expect(textWidth('Ti', 'bold 100px sans-serif')).toBeCloseTo(88.9, 10);
});

it('takes Greek letters and signs from the Symbol font', () => {
  expect(textWidth('τ', '100px sans-serif')).toBeCloseTo(43.9, 10);
  expect(textWidth('−7', '100px sans-serif')).toBeCloseTo(54.9 + 55.6, 10);
});

it('sets raised digits and narrow spaces small, and gives what no font has a digit’s width', () => {
  expect(textWidth('⁻⁴', '100px sans-serif')).toBeCloseTo(0.65 * (54.9 + 55.6), 10);
  expect(textWidth('\u2009', '100px sans-serif')).toBeCloseTo(0.65 * 27.8, 10);
  expect(textWidth('漢', '100px sans-serif')).toBeCloseTo(55.6, 10);
});
