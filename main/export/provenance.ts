import type { FitConfig } from '../contract/config.ts';
import type { JointPriorSpec, PriorSpec } from '../contract/prior.ts';
import type { RunRecord } from './run-record.ts';

/** Where a result comes from: enough to make the same numbers again, and to see what they were made of. */
export interface Provenance {
  program: 'Chronaxie';
  version: string;
  run: string;
  recording: { file: string; sha256: string; sweeps: number[] } | null;
  /** sha256: of the model's content, or of the simulator module */
  model: { name: string; sha256: string };
  prior: { name: string; unit: string; prior: PriorSpec }[];
  jointPrior: JointPriorSpec | null;
  algorithm: string;
  seed: number;
  strict: boolean;
  device: string;
  kernels: string[];
  simulations: number;
  bad: number;
  verdict: string;
  configuration: FitConfig;
}

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
