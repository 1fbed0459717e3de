import { describe, expect, it } from 'vitest';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import { methods, methodsModel } from '../../../main/export/methods.ts';
import { prepared, result } from '../history/records.ts';

const model = { title: 'Hodgkin–Huxley', citations: ['Pospischil M (2008). Minimal models.'] };
const record = result('261123-abcde');

describe('a methods paragraph', () => {
  it('says what was done, with which settings, and comes to the run’s numbers', () => {
    const { paragraph, references } = methods(prepared, record, model);
    expect(paragraph).toContain(
      'Parameters of the model “Hodgkin–Huxley” [1] were inferred with Chronaxie 0.1.0 by truncated sequential neural posterior estimation (TSNPE) [2].',
    );
    expect(paragraph).toContain('Sweep 3 of cell.nwb (SHA-256 abababababab…) was fitted');
    expect(paragraph).toContain('was not corrected for a liquid junction potential');
    expect(paragraph).toContain(
      'Two parameters were free: gNa uniform between 0.5 and 80 mS/cm²; gK uniform',
    );
    expect(paragraph).toContain('described by 2 summary features');
    expect(paragraph).toContain('40 simulations were made, in 2 rounds of 20; 2 diverged or were refused');
    expect(paragraph).toContain('2 of 2 observed features lay within the central 95 %');
    expect(paragraph).toMatch(/trained by Adam \(\d+ epochs in the last round/);
    expect(paragraph).not.toMatch(/null|undefined|NaN/);
    expect(references[0]).toBe(model.citations[0]);
    expect(references[1]).toContain('Deistler');
  });

  it('tells the features of a simulator of one’s own by their number alone', () => {
    const source = { simulator: '/lab/mine.mjs', observation: '/lab/seen.csv' };
    const config = fitConfigSchema.parse({ ...prepared.config, source });
    const { paragraph } = methods({ ...prepared, config, recording: null }, record, model);
    expect(paragraph).toContain('The observation was described by two features.');
    expect(paragraph).not.toContain('summary features');
  });

  it('takes the name of a simulator’s file for its title', async () => {
    const source = { simulator: '/lab/mine.mjs', observation: '/lab/seen.csv' };
    expect(await methodsModel({ model: 'hh8', source }, '/lab/mine.mjs')).toEqual({
      ...{ title: 'mine.mjs', citations: [] },
    });
  });

  it('names corrections, capacitance, fixed parameters and the chosen density', () => {
    const config = fitConfigSchema.parse({
      ...prepared.config,
      algorithm: 'npe',
      cell: { liquidJunctionMv: -14, capacitancePf: 53.2, voltageFactor: 1000 },
      parameters: { gM: { fixed: 0.07 } },
      training: { batchSize: 250 },
    });
    const rounds = record.summary.rounds.map((round) => ({
      ...round,
      families: [
        { family: 'bounded' as const, components: 10, heldOutLogScore: 1, epochs: 5, seconds: 1 },
        { family: 'mixture' as const, components: 2, heldOutLogScore: 0, epochs: 5, seconds: 1 },
      ],
    }));
    const own = { ...record, summary: { ...record.summary, rounds } };
    const { paragraph, references } = methods({ ...prepared, config }, own, { title: 'mine', citations: [] });
    expect(paragraph).toContain('corrected by −14 mV');
    expect(paragraph).toContain('capacitance of 53.2 pF');
    expect(paragraph).toContain('Its voltages were multiplied by 1000, as the file states a wrong unit.');
    expect(paragraph).toContain('Held fixed: gM = 0.07.');
    expect(paragraph).toContain('trained by Adam (batches of 250, ');
    expect(paragraph).toContain(
      'mixtures of 10 Gaussians cut to the prior’s bounds, chosen by its held-out score,',
    );
    expect(references).toHaveLength(1);
    expect(references[0]).toContain('Papamakarios');
  });

  it('calls a search a search, and says nothing of a network or of intervals', () => {
    const config = fitConfigSchema.parse({ ...prepared.config, algorithm: 'ibea' });
    const { paragraph } = methods({ ...prepared, config }, record, model);
    expect(paragraph).toContain('a search for point estimates');
    expect(paragraph).not.toMatch(/hidden units|quantiles of the posterior/);
  });
});
