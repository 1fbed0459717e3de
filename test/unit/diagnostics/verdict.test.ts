import { describe, expect, it } from 'vitest';
import type { RoundReport } from '../../../main/contract/run.ts';
import { verdict, type VerdictInput } from '../../../main/diagnostics/verdict.ts';

const good: RoundReport = {
  round: 2,
  simulations: 5000,
  bad: 0,
  badReasons: {},
  missing: {},
  ess: 2310.4,
  acceptance: 0.6,
  loss: 1,
  validationLoss: 1,
  epochs: 30,
  skippedSteps: 0,
  kernels: null,
  seconds: { simulate: 1, train: 1 },
  drawnFrom: 'prior',
  truncation: null,
  classifier: null,
  families: [],
  trainedOn: null,
  notices: [],
};
const judge = (change: Partial<VerdictInput>, last: Partial<RoundReport> = {}) =>
  verdict({
    rounds: [good, { ...good, ...last }],
    acceptance: 0.62,
    predictivePercentiles: { spikeCount: 0.5, restMean: 0.3 },
    priorPercentiles: { spikeCount: 0.7, restMean: 0.4 },
    mahalanobisRank: 0.7,
    priorNearer: 0.004,
    ...change,
  });

describe('verdict', () => {
  it('trusts a fit that reproduces the data, and says on what grounds', () => {
    expect(judge({})).toEqual({
      verdict: 'trust',
      reasons: [
        '2 observed features lie within the central 95 % of the simulations at the posterior.',
        'Only 0.40 % of the simulations from the prior resemble the recording more than half of those at the posterior do.',
        'The last round was trained on 2,310 effective simulations.',
        '62 % of the estimate lies inside the prior’s bounds.',
      ],
    });
  });

  it('asks to look closer where simulations at the posterior do not resemble the recording as a whole', () => {
    const scattered = judge({ priorNearer: 0.26 });
    expect(scattered.verdict).toBe('look-closer');
    expect(scattered.reasons[0]).toMatch(
      /hardly closer to the recording than without a fit: 26 % of the simulations/,
    );
    expect(judge({ priorNearer: 0 }).reasons.join()).toMatch(/more than any from the prior does/);
    expect(judge({ priorNearer: null }).verdict).toBe('trust');
  });

  it('asks to look closer where the combination of features is one that the prior hardly makes', () => {
    const odd = judge({ mahalanobisRank: 0.996 });
    expect(odd.verdict).toBe('look-closer');
    expect(odd.reasons[0]).toMatch(/further from the centre of the prior’s simulations than 99\.6 % of the/);
    expect(judge({ mahalanobisRank: 0.99 }).verdict).toBe('trust');
    expect(judge({ mahalanobisRank: null }).verdict).toBe('trust');
  });

  it('does not trust a posterior that cannot reproduce an observed feature, and tells a poor prior from a poor fit', () => {
    const unreachable = judge({
      predictivePercentiles: { spikeCount: 0.5, restMean: 1 },
      priorPercentiles: { spikeCount: 0.5, restMean: 0.999 },
    });
    expect(unreachable.verdict).toBe('do-not-trust');
    expect(unreachable.reasons[0]).toBe(
      'The observed restMean is larger than in every simulation at the posterior. Simulations from the whole prior hardly reach it either: a wider prior or another model may be needed.',
    );
    const missed = judge({ predictivePercentiles: { spikeCount: 0.001, restMean: 0.5 } });
    expect(missed.verdict).toBe('do-not-trust');
    expect(missed.reasons[0]).toMatch(
      /^The observed spikeCount is smaller than in 99\.9 % of the simulations at the posterior\. .* prior do reach it/,
    );
  });

  it('asks to look closer where a feature lies in the tail of the posterior’s or of the prior’s simulations', () => {
    const tail = judge({ predictivePercentiles: { spikeCount: 0.98, restMean: 0.5 } });
    expect(tail.verdict).toBe('look-closer');
    expect(tail.reasons[0]).toMatch(/^The observed spikeCount is larger than in 98 % of the simulations/);
    const prior = judge({ priorPercentiles: { spikeCount: 0.995, restMean: 0.5 } });
    expect(prior.verdict).toBe('look-closer');
    expect(prior.reasons[0]).toMatch(
      /spikeCount is larger than in 99\.5 % of the simulations from the prior/,
    );
  });

  it('expects of many features that some lie in the tails by chance', () => {
    const features = (tails: number[]) =>
      Object.fromEntries(Array.from({ length: 100 }, (_, f) => [`x${f}`, tails[f] ?? 0.5]));
    const few = features([0.98, 0.02, 0.985, 0.99, 0.001]);
    expect(judge({ predictivePercentiles: few, priorPercentiles: {} }).verdict).toBe('look-closer');
    const fewer = features([0.98, 0.02, 0.985, 0.99]);
    expect(judge({ predictivePercentiles: fewer, priorPercentiles: {} }).verdict).toBe('trust');
    const many = features(new Array<number>(12).fill(0.98));
    expect(judge({ predictivePercentiles: many, priorPercentiles: {} }).verdict).toBe('look-closer');
    const failed = features([0, 0, 1]);
    expect(judge({ predictivePercentiles: failed, priorPercentiles: {} }).verdict).toBe('do-not-trust');
  });

  it.each([
    [99, 'do-not-trust', /^The last round was trained on 99 effective simulations: too few\./],
    [299, 'look-closer', /299 effective simulations: widths and tails are rough/],
    [301, 'trust', /observed features lie within/],
  ] as const)('judges an effective sample size of %d: %s', (ess, expected, words) => {
    const judged = judge({}, { ess });
    expect(judged.verdict).toBe(expected);
    expect(judged.reasons[0]).toMatch(words);
  });

  it.each([
    [
      0,
      'do-not-trust',
      /^Only less than 0\.01 % of the estimate lies inside the prior’s bounds\. The data pull/,
    ],
    [0.0099, 'do-not-trust', /^Only 0\.99 % of the estimate/],
    [0.05, 'look-closer', /^Only 5\.0 % of the estimate/],
  ] as const)('judges an acceptance of %d: %s', (acceptance, expected, words) => {
    const judged = judge({ acceptance });
    expect(judged.verdict).toBe(expected);
    expect(judged.reasons[0]).toMatch(words);
  });

  it('names bad simulations always, and warns when they are the greater part', () => {
    const few = judge({}, { bad: 12, badReasons: { diverged: 12 } });
    expect(few.verdict).toBe('trust');
    expect(few.reasons).toContain(
      '12 of 5,000 simulations of the last round were bad (12 diverged) and set aside.',
    );
    const many = judge({}, { bad: 2600, badReasons: { diverged: 2000, 'took too long': 600 } });
    expect(many.verdict).toBe('look-closer');
    expect(many.reasons[0]).toMatch(
      /2,600 of 5,000 .* \(2,000 diverged, 600 took too long\) and set aside\. Narrow/,
    );
  });

  it('handles missing features: no fault in the recording, a misfit in the simulations alone', () => {
    const unobserved = judge({
      predictivePercentiles: { spikeCount: 0.5, latency: null },
      priorPercentiles: { spikeCount: 0.5, latency: null },
    });
    expect(unobserved.verdict).toBe('trust');
    expect(unobserved.reasons).toContain(
      'latency is missing in the recording or in all simulations and was not compared.',
    );
    const silent = judge({
      predictivePercentiles: { spikeCount: 0.5, latency: null },
      priorPercentiles: { spikeCount: 0.5, latency: 0.5 },
    });
    expect(silent.verdict).toBe('do-not-trust');
    expect(silent.reasons[0]).toMatch(
      /^The recording has latency, but no simulation at the posterior has it/,
    );
    const rare = judge({}, { missing: { restMean: 4100 } });
    expect(rare.verdict).toBe('look-closer');
    expect(rare.reasons[0]).toMatch(/^restMean is missing in 4,100 of 5,000 simulations/);
  });

  it('puts the worst reason first', () => {
    const judged = judge({ acceptance: 0.05 }, { ess: 20 });
    expect(judged.verdict).toBe('do-not-trust');
    expect(judged.reasons.slice(0, 2).map((reason) => reason.slice(0, 13))).toEqual([
      'The last roun',
      'Only 5.0 % of',
    ]);
  });

  it('does not trust a fit without a round or without anything to compare', () => {
    expect(judge({ rounds: [] }).verdict).toBe('do-not-trust');
    expect(judge({ predictivePercentiles: {} }).verdict).toBe('do-not-trust');
  });
});
