import { createInterface } from 'node:readline/promises';
import { SingleBar } from 'cli-progress';
import type { Calibration, CalibrationCost, CalibrationProgress } from '../contract/calibration.ts';
import { AppError } from '../contract/errors.ts';
import { cancelSignal, command, jsonOption, whole, withServices, type CommonOptions } from './cli-command.ts';
import { calibrationText } from './cli-calibration-text.ts';
import { say, sayJson, tell } from './cli-output.ts';
import type { EventBus } from './event-bus.ts';
import type { Services } from './services.ts';

interface Options extends CommonOptions {
  simulations: number;
  yes?: boolean;
}

/** What takes longer is begun only when the person has said so. */
const askBeyondSeconds = 60;

export const calibrateCommand = () =>
  command('calibrate', 'how often a finished run’s posterior holds the truth, over simulations')
    .argument('<id>', 'the run, or the first letters of its id')
    .option('--simulations <number>', 'parameter sets drawn from the prior', whole(20, 10_000), 300)
    .option('--yes', 'begin even if it takes more than a minute')
    .addOption(jsonOption())
    .action((prefix: string, options: Options) =>
      withServices(options, async (services) => {
        const id = services.history.resolveId(prefix);
        const { simulations } = options;
        const cost = await services.handlers['calibration.cost']({ id, simulations });
        tell(cost.words);
        if (options.yes !== true) await agree(cost, options.json === true);
        const calibration = await follow(services, id, simulations);
        if (options.json) sayJson(calibration);
        else say(calibrationText(calibration));
      }),
    );

/** @throws AppError usage where nobody can be asked, cancelled where the answer is no */
async function agree({ seconds, id }: CalibrationCost, json: boolean): Promise<void> {
  if (seconds <= askBeyondSeconds) return;
  if (json || !process.stdin.isTTY) {
    throw new AppError('usage', 'This takes more than a minute and was not begun.', {
      remedy: `Add --yes to begin it all the same, or lower --simulations: chronaxie calibrate ${id} --yes`,
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question('Begin? [y/N] ', { signal: cancelSignal });
    if (/^y/i.test(answer.trim())) return;
  } finally {
    terminal.close();
  }
  throw new AppError('cancelled', 'The calibration was not begun.', { remedy: 'Lower --simulations.' });
}

async function follow(
  { calibrations, events }: Services,
  id: string,
  simulations: number,
): Promise<Calibration> {
  const cancel = () => {
    tell('\nCancelling …');
    calibrations.cancel(id);
  };
  const stopShowing = showCalibration(events, id);
  try {
    calibrations.start(id, simulations);
    if (cancelSignal.aborted) cancel();
    cancelSignal.addEventListener('abort', cancel, { once: true });
    return await calibrations.outcome(id);
  } finally {
    cancelSignal.removeEventListener('abort', cancel);
    stopShowing();
  }
}

const phases: Record<CalibrationProgress['phase'], string> = {
  queued: 'waiting',
  simulate: 'simulating',
  compare: 'comparing',
  refit: 'fitting each anew',
  local: 'testing at the observation',
};

/** A bar on a terminal; elsewhere a line for each phase and each tenth of the fits. */
function showCalibration(events: EventBus, id: string): () => void {
  const bar = process.stderr.isTTY ? newBar() : null;
  let said = '';
  const stop = events.listen((message) => {
    if (message.event !== 'calibration.progress' || message.payload.id !== id) return;
    const { phase, done, total, etaSeconds } = message.payload;
    if (bar !== null) {
      bar.setTotal(Math.max(1, total));
      const left = etaSeconds === null ? '' : ` · ${Math.ceil(etaSeconds)} s left`;
      bar.update(done, { phase: phases[phase], left });
      return;
    }
    const line =
      phase === 'refit'
        ? `${phases[phase]}: ${Math.floor((10 * done) / total) * 10} % of ${total}`
        : `${phases[phase]}: ${total}`;
    if (line !== said && phase !== 'queued') tell(line);
    said = line;
  });
  return () => {
    stop();
    bar?.stop();
  };
}

function newBar(): SingleBar {
  const bar = new SingleBar({
    format: '{phase} [{bar}] {value} of {total}{left}',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    barsize: 24,
    fps: 10,
    gracefulExit: false, // Ctrl-C is ours: it cancels the calibration first
  });
  bar.start(1, 0, { phase: phases.queued, left: '' });
  return bar;
}
