import type { Provenance } from '../contract/provenance.ts';
import type { RunRecord } from './run-record.ts';

export type { Provenance } from '../contract/provenance.ts';

export function provenanceOf({ id, prepared, result }: RunRecord): Provenance {
  const { summary } = result;
  const count = (of: 'simulations' | 'bad') => summary.rounds.reduce((sum, round) => sum + round[of], 0);
  return {
    program: 'Chronaxie',
    version: summary.version,
    run: id,
    recording: prepared.recording,
    model: { name: prepared.model, sha256: prepared.modelSha256 },
    prior: prepared.parameters.map(({ name, unit, prior }) => ({ name, unit, prior })),
    jointPrior: prepared.jointPrior,
    algorithm: summary.algorithm,
    seed: summary.seed,
    strict: summary.strict,
    device: summary.device,
    kernels: [...new Set(summary.rounds.flatMap(({ kernels }) => kernels ?? []))],
    simulations: count('simulations'),
    bad: count('bad'),
    verdict: summary.diagnostics.verdict,
    configuration: prepared.config,
  };
}
