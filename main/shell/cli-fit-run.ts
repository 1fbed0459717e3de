import { join } from 'node:path';
import { AppError } from '../contract/errors.ts';
import type { Summary } from '../contract/run.ts';
import { finishedRun } from '../export/run-record.ts';
import { writeResultFolder } from '../export/result-folder.ts';
import type { NetworkSource } from '../inference/shared-network.ts';
import { cancelSignal } from './cli-command.ts';
import { printWarnings } from './cli-inspect.ts';
import { say, sayJson, tell } from './cli-output.ts';
import { showProgress } from './cli-progress-view.ts';
import { resultTable, verdictText } from './cli-tables.ts';
import type { Services } from './services.ts';

export interface FollowOptions {
  out?: string;
  json?: boolean;
  /** Several fits in one command: the caller prints the document. */
  quiet?: boolean;
  /** A run of before: what is finished is written again, what is not goes on after its last round. */
  resume?: { networksOf: readonly NetworkSource[] } | undefined;
}

/**
 * Waits for a run with its progress on stderr, writes its results, and says what came out and where it lies.
 */
export async function followFit(
  services: Services,
  id: string,
  options: FollowOptions,
): Promise<{ summary: Summary; out: string }> {
  const out = options.out ?? join('chronaxie-results', id);
  const { rounds, state } = services.history.detail(id);
  if (options.resume && state === 'finished') {
    tell(`It is fitted already, by the run ${id}.`);
    return await written(services, id, out);
  }
  if (options.resume) {
    tell(`The run ${id} goes on.`);
    services.fits.resume(id, options.resume.networksOf);
  }
  const cancel = () => {
    tell('\nCancelling …');
    services.fits.cancel(id);
  };
  if (cancelSignal.aborted) cancel();
  cancelSignal.addEventListener('abort', cancel, { once: true });
  const stopShowing = showProgress(services.events, id, rounds);
  try {
    await services.fits.outcome(id);
    stopShowing();
    const done = await written(services, id, out);
    if (options.quiet !== true) report(done.summary, out, options.json === true);
    return done;
  } catch (thrown) {
    const error = AppError.from(thrown);
    // What could not even begin (no such file, no such parameter) is told here and is not a line of the history.
    if (error.code !== 'cancelled' && services.history.prepared(id) === null) services.history.delete(id);
    throw withRoundsKept(services, id, error);
  } finally {
    stopShowing();
    cancelSignal.removeEventListener('abort', cancel);
  }
}

/** A finished run's results, in their folder. */
async function written(
  { history }: Services,
  id: string,
  out: string,
): Promise<{ summary: Summary; out: string }> {
  const { prepared, result } = finishedRun(history, id);
  await writeResultFolder(out, prepared, result);
  return { summary: result.summary, out };
}

export function report(summary: Summary, out: string, json: boolean): void {
  printWarnings(summary.warnings);
  if (json) {
    sayJson({ ...summary, out });
    return;
  }
  say(`\n${resultTable(summary)}\n\n${verdictText(summary)}\n`);
  say(`Results: ${out}  (run ${summary.id}, ${summary.seconds.toFixed(1)} s)`);
  say('To look at the posterior and the traces: npm start, or chronaxie serve; the run is in the history.');
}

function withRoundsKept(services: Services, id: string, error: AppError): AppError {
  if (error.code !== 'cancelled') return error;
  const { roundsDone, rounds } = services.history.detail(id);
  return new AppError('cancelled', `Cancelled; ${roundsDone} of ${rounds} rounds are finished and kept.`, {
    remedy: `Continue with “chronaxie runs resume ${id}”.`,
    cause: error,
    details: { id, roundsDone, rounds },
  });
}
