import { SingleBar } from 'cli-progress';
import type { Progress } from '../contract/run.ts';
import type { EventBus } from './event-bus.ts';
import { deviceLines } from './cli-device-text.ts';
import { warningLine } from './cli-inspect.ts';
import { tell } from './cli-output.ts';
import { figure, roundLine } from './cli-tables.ts';

const phases: Record<Progress['phase'], string> = {
  prepare: 'preparing',
  pilot: 'pilot',
  simulate: 'simulating',
  train: 'training',
  sample: 'sampling',
  predict: 'checking',
};

/**
 * Shows on stderr how one run goes on: a bar on a terminal, one line a finished round elsewhere.
 * @returns the function that ends it
 */
export function showProgress(events: EventBus, id: string, rounds: number): () => void {
  const bar = process.stderr.isTTY ? newBar() : null;
  const tellAbove = (line: string) => {
    if (bar === null) tell(line);
    else process.stderr.write(`\r\u001b[K${line}\n`); // clears the bar's line; the next event draws it again below
  };
  const stop = events.listen((message) => {
    if (message.event === 'run.round' && message.payload.id === id)
      [roundLine(message.payload.report, rounds), ...deviceLines(message.payload.report.trainedOn)].forEach(
        tellAbove,
      );
    else if (message.event === 'run.warning' && message.payload.id === id)
      tellAbove(warningLine(message.payload.warning));
    else if (message.event === 'run.progress' && message.payload.id === id && bar !== null) {
      draw(bar, message.payload);
    }
  });
  return () => {
    stop();
    bar?.stop();
  };
}

function newBar(): SingleBar {
  const bar = new SingleBar({
    format: 'round {where} · {phase} [{bar}] {count}{facts}',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    barsize: 24,
    fps: 10,
    gracefulExit: false, // Ctrl-C is ours: it cancels the run first
  });
  bar.start(1, 0, { where: '', phase: phases.prepare, count: '', facts: '' });
  return bar;
}

function draw(bar: SingleBar, p: Progress): void {
  const counting = p.phase === 'simulate' || p.phase === 'pilot' || p.phase === 'predict';
  bar.setTotal(Math.max(1, p.simulationsTotal));
  bar.update(counting ? p.simulationsDone : p.simulationsTotal, {
    where: `${p.round}/${p.rounds}`,
    phase: phases[p.phase],
    count: counting
      ? `${p.simulationsDone.toLocaleString('en')} of ${p.simulationsTotal.toLocaleString('en')}`
      : '',
    facts: facts(p),
  });
}

function facts(p: Progress): string {
  const parts = [
    p.simulationsPerSecond !== null && p.phase !== 'train'
      ? `${Math.round(p.simulationsPerSecond).toLocaleString('en')}/s`
      : null,
    p.bad > 0 ? `${p.bad.toLocaleString('en')} bad` : null,
    // Only a search counts its generations while it simulates.
    p.epoch !== null && p.phase === 'simulate' ? `generation ${p.epoch}` : null,
    p.epoch !== null && p.phase === 'simulate' && p.loss !== null ? `best ${figure(p.loss)}` : null,
    p.epoch !== null && p.phase === 'train' ? `epoch ${p.epoch}` : null,
    p.validationLoss !== null && p.phase === 'train' ? `loss ${figure(p.validationLoss)}` : null,
    p.ess !== null ? `ESS ${Math.round(p.ess).toLocaleString('en')}` : null,
    p.etaSeconds !== null ? `${clock(p.etaSeconds)} left` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? '' : ` · ${parts.join(' · ')}`;
}

/** 67 → "1:07" */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
