import { describe, expect, it } from 'vitest';
import { calibrationSchema } from '../../../main/contract/calibration.ts';
import { calibrationSummary, shareAt } from '../../../main/diagnostics/calibration-summary.ts';

/** n ranks among 999 draws at the quantiles that `warp` makes of (i + ½)/n. */
const at = (warp: (u: number) => number, n = 200) =>
  Array.from({ length: n }, (_, i) => Math.floor(1000 * warp((i + 0.5) / n)));
const even = at((u) => u);
const judge = (change: Partial<Parameters<typeof calibrationSummary>[1]>, local: number | null = null) =>
  calibrationSummary(
    ['gNa', 'gK'],
    { parameters: [even, even], density: even, reference: even, ...change },
    local === null ? null : { statistic: 0.1, threshold: 0.05, pValue: local, shuffles: 99 },
  );

describe('calibrationSummary', () => {
  it('calls even ranks calibrated, and says what was seen', () => {
    const found = judge({}, 0.4);
    expect(found.verdict).toBe('calibrated');
    expect(found.reasons).toEqual([
      'The posterior holds the truth as often as it says: its 90 % region held the truth in 90 % of 200 simulations.',
      'The truth lies evenly among the posterior’s draws in every parameter, as it does where all is right.',
      'At this observation a classifier cannot tell the posterior from the truth (39 of 99 classifiers that were taught at random tell as much).',
    ]);
    expect(found.parameters[0]).toMatchObject({
      name: 'gNa',
      shape: 'uniform',
      histogram: new Array(20).fill(10),
    });
    expect(shareAt(found.coverage.curve, 0.5)).toBe(0.5);
  });

  it('calls a posterior overconfident whose regions hold the truth too seldom', () => {
    const found = judge({ density: at((u) => Math.sqrt(u)) });
    expect(found.coverage.shape).toBe('narrow');
    expect(found.verdict).toBe('not-calibrated');
    expect(found.reasons[0]).toMatch(/^The posterior is overconfident.* in 81 % of 200 simulations/);
  });

  it('asks no more than to look closer where it is too cautious', () => {
    const found = judge({ density: at((u) => u * u) });
    expect(found.coverage.shape).toBe('wide');
    expect(found.verdict).toBe('look-closer');
    expect(found.reasons[0]).toMatch(/more cautious than it need be/);
  });

  it.each([
    ['low', (u: number) => Math.sqrt(u), /lies too low/],
    ['high', (u: number) => u * u, /lies too high/],
    ['narrow', (u: number) => (u < 0.5 ? 2 * u * u : 1 - 2 * (1 - u) ** 2), /too narrow/],
    ['wide', (u: number) => 0.25 + u / 2, /too wide/],
  ] as const)('names the parameter whose posterior is too %s', (shape, warp, words) => {
    const found = judge({ parameters: [even, at(warp)] });
    expect(found.verdict).toBe('not-calibrated');
    expect(found.parameters.map((parameter) => parameter.shape)).toEqual(['uniform', shape]);
    expect(found.reasons[0]).toMatch(/^gK: /);
    expect(found.reasons[0]).toMatch(words);
  });

  it('tells a deviation that chance hardly makes from one that it makes once in twenty studies', () => {
    // √u shrunk towards u until it leaves the band of 95 % but not that of 99.9 %.
    const mild = judge({ parameters: [even, at((u) => 0.45 * Math.sqrt(u) + 0.55 * u, 400)], density: even });
    expect(mild.parameters[1]!.shape).toBe('low');
    expect(mild.verdict).toBe('look-closer');
  });

  it('sees what only references or the local test see', () => {
    expect(judge({ reference: at((u) => u * u) })).toMatchObject({
      verdict: 'not-calibrated',
      reference: { uniform: false },
    });
    expect(judge({}, 0.03).verdict).toBe('calibrated');
    expect(judge({}, 0.02).verdict).toBe('look-closer');
    expect(judge({}, 0.02).reasons[0]).toMatch(/^At this observation .* \(1 of 99/);
  });

  it('is what the contract says', () => {
    const rest = {
      ...{ id: 'a', method: 'network', at: '2024-01-01T00:00:00Z', seed: 1, simulations: 200 },
      ...{ compared: 200, draws: 999, lost: 0, seconds: 1 },
    };
    expect(calibrationSchema.safeParse({ ...rest, ...judge({}, 0.4) }).success).toBe(true);
  });
});
