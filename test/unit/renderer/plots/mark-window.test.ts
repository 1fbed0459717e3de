import { expect, it } from 'vitest';
import { around } from '../../../../renderer/plots/mark-window.ts';

it('shows a mark in the middle third of the window, a point with what surrounds it, inside the sweep', () => {
  expect(around({ kind: 'stretch', startMs: 100, endMs: 130 }, [0, 700])).toEqual([65, 165]);
  expect(around({ kind: 'point', timeMs: 200, voltageMv: 0 }, [0, 700])).toEqual([196, 204]);
  expect(around({ kind: 'point', timeMs: 1, voltageMv: 0 }, [0, 700])).toEqual([0, 8]);
  expect(around({ kind: 'stretch', startMs: 0, endMs: 600 }, [0, 700])).toEqual([0, 700]);
});
