import { AppError } from '../contract/errors.ts';
import type { ModelFile } from '../contract/model.ts';
import { recordingProblem } from '../inference/recording-problem.ts';
import type { Protocol } from '../simulate/protocol.ts';
import { provenanceOf, type Provenance } from './provenance.ts';
import type { ReplayRecord } from '../inference/fit-store.ts';
import type { RunRecord } from './run-record.ts';

/** A cell and what it was given, for another simulator. */
export interface FittedCell {
  model: ModelFile;
  /** Values by name; together those of every parameter. `map` may be those of a draw. */
  map: Readonly<Record<string, number>>;
  fixed: Readonly<Record<string, number>>;
  /** Of the whole cell: what makes a current a density. */
  capacitancePf: number;
  /** The sweeps of the fit, its own first. */
  sweeps: { sweep: number; protocol: Protocol }[];
  provenance: Provenance | null;
}

/**
 * The cell of a run, from the history alone. Of runs from before it kept model and currents both are read again, and have to be
 * those of the run.
 * @param draw a row of the samples instead of the MAP
 * @throws AppError input-invalid where there is no cell, or the model or the recording has changed; file-not-found
 */
export async function fittedCell(run: RunRecord, draw: number | null = null): Promise<FittedCell> {
  const { prepared } = run;
  const { source } = prepared.config;
  if (source === null || !('recording' in source)) {
    throw new AppError(
      'input-invalid',
      'The run’s simulator is a program of your own: it has no equations to write.',
      {
        remedy: 'Export csv or json, and give its values to the simulator itself.',
      },
    );
  }
  const { task, capacitancePf } =
    run.replay === null ? await readAgain(prepared, source) : { task: run.replay.task, capacitancePf: null };
  const own = task.sweeps?.own ?? prepared.recording?.sweeps[0] ?? 0;
  return {
    model: task.model,
    map: draw === null ? mapOf(run) : drawOf(run, draw),
    fixed: task.fixed,
    capacitancePf: prepared.config.cell.capacitancePf ?? capacitancePf!,
    sweeps: [{ sweep: own, protocol: task.protocol }, ...(task.sweeps?.others ?? [])],
    provenance: provenanceOf(run),
  };
}

/** Of a run from before the history kept what its simulations were given. */
async function readAgain(
  prepared: RunRecord['prepared'],
  source: Parameters<typeof recordingProblem>[1],
): Promise<{ task: ReplayRecord['task']; capacitancePf: number | null }> {
  const { prepared: again, task } = await recordingProblem(prepared.config, source);
  if (task.kind !== 'neuron' || again.modelSha256 !== prepared.modelSha256) {
    throw new AppError('input-invalid', `The model ${prepared.model} is no longer the one that was fitted.`, {
      remedy: `Put back the model file as it was at the time of the run (${prepared.config.model}), or fit again.`,
      details: { expected: prepared.modelSha256, found: again.modelSha256 },
    });
  }
  return { task, capacitancePf: again.config.cell.capacitancePf };
}

function mapOf({ result }: RunRecord): Record<string, number> {
  return Object.fromEntries(result.summary.parameters.map(({ name, map }) => [name, map]));
}

function drawOf({ prepared, result }: RunRecord, draw: number): Record<string, number> {
  const { parameters } = prepared;
  const count = result.samples.length / parameters.length;
  if (draw >= count)
    throw new AppError('input-invalid', `The run has ${count} samples; there is no row ${draw}.`, {
      remedy: `Give a row from 0 to ${count - 1}.`,
    });
  return Object.fromEntries(
    parameters.map(({ name }, i) => [name, result.samples[draw * parameters.length + i]!]),
  );
}
