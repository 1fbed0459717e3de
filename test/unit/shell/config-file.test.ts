import { describe, expect, it } from 'vitest';
import { fitConfigSchema } from '../../../main/contract/config.ts';
import { AppError } from '../../../main/contract/errors.ts';
import { configJsonSchema, parseConfig, readConfigFile } from '../../../main/shell/config-file.ts';

function refusal(document: unknown): AppError {
  const text = typeof document === 'string' ? document : JSON.stringify(document, null, 2);
  try {
    parseConfig(text, 'c.json');
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
  throw new Error('it was accepted');
}

describe('the configuration file', () => {
  it('fills what it leaves out with the defaults', () => {
    const config = parseConfig('{"training": {"batchSize": 50}}', 'c.json');
    expect(config.training.batchSize).toBe(50);
    expect({ ...config, training: { ...config.training, batchSize: null } }).toEqual(
      fitConfigSchema.parse({}),
    );
  });

  it('gives a complete configuration back as it is', () => {
    const config = fitConfigSchema.parse({ source: { recording: '/a.nwb', sweep: 3 }, seed: 9 });
    expect(parseConfig(JSON.stringify(config), 'c.json')).toEqual(config);
  });

  it('names the line and the nearest known key of an unknown one', () => {
    const error = refusal({ model: 'hh8', training: { batchSize: 100, learningrate: 0.01 } });
    expect(error.message).toBe(
      'c.json, line 5: there is no key “training.learningrate”; did you mean “learningRate”?',
    );
    expect(error.code).toBe('input-invalid');
  });

  it('looks for unknown keys inside alternatives too', () => {
    const error = refusal({ source: { recording: 'a.nwb', sweeps: 1 } });
    expect(error.message).toContain('“source.sweeps”; did you mean “sweep”?');
  });

  it('reports every fault, each with its line', () => {
    const error = refusal({ rounds: 0, simulations: 'many' });
    expect(error.message.split('\n')).toHaveLength(2);
    expect(error.message).toContain('c.json, line 2: rounds:');
    expect(error.message).toContain('c.json, line 3: simulations:');
  });

  it('says where a prior is wrong', () => {
    const error = refusal({ parameters: { gNa: { prior: { uniform: [80, 0.5] } } } });
    expect(error.message).toContain('parameters.gNa.prior');
    expect(error.message).toContain('lower bound below its upper bound');
  });

  it('refuses what is not JSON and a file that is not there', async () => {
    expect(refusal('{"rounds": 5,}').message).toContain('is not valid JSON');
    await expect(readConfigFile('/nowhere/c.json')).rejects.toMatchObject({ code: 'file-not-found' });
  });

  it('has a JSON Schema that describes every top-level key', () => {
    const { properties, additionalProperties } = configJsonSchema();
    expect(Object.keys(properties as object)).toEqual(Object.keys(fitConfigSchema.shape));
    expect(additionalProperties).toBe(false);
  });
});
