import { describe, expect, it } from 'vitest';
import type { ParameterSpec } from '../../../main/contract/prior.ts';
import { searchSpace } from '../../../main/inference/ibea-space.ts';
import { workingCoordinates } from '../../../main/model/coordinates.ts';

const parameters: ParameterSpec[] = [
  { name: 'g', unit: '', prior: { uniform: [-2, 6] } },
  { name: 'tau', unit: '', prior: { logUniform: [1, 100] } },
  { name: 'e', unit: '', prior: { normal: [0, 1] } },
];
const space = searchSpace(workingCoordinates(parameters, null));

describe('searchSpace', () => {
  it('puts a uniform parameter between its bounds and a log-uniform one on a logarithmic axis', () => {
    const theta = space.parameters(Float64Array.of(0.25, 0.5, 0.5));
    // exp(ln 10) rounds in the last place.
    [0, 10, 0].forEach((value, i) => expect(theta[i]).toBeCloseTo(value, 12));
    const back = space.positions(Float64Array.of(9, 9, 9, ...theta), 1);
    [0.25, 0.5, 0.5].forEach((value, i) => expect(back[i]).toBeCloseTo(value, 12));
  });
  it('never leaves the prior’s support, not by rounding either', () => {
    expect([...space.parameters(Float64Array.of(1, 1, 1)).subarray(0, 2)]).toEqual([6, 100]);
    expect([...space.parameters(Float64Array.of(0, 0, 0)).subarray(0, 2)]).toEqual([-2, 1]);
  });
  it('brings a draw from the tail of an unbounded prior to the end of the range', () => {
    expect(space.positions(Float64Array.of(0, 1, 40), 0)[2]).toBe(1);
  });
});
