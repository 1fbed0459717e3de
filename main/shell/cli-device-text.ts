import type { TrainedOn } from '../contract/run.ts';
import { figure } from './cli-tables.ts';

/**
 * What a person should know of a round's device, in sentences: which one --device auto took and how fast the others were, and
 * that it was lost. Nothing where the processor had no competitor.
 */
export function deviceLines(trainedOn: TrainedOn | null): string[] {
  if (trainedOn === null) return [];
  const { device, times, lost } = trainedOn;
  const lines: string[] = [];
  const ms = (name: string) => times.find((time) => time.device === name)?.msPerStep ?? NaN;
  const chosen = lost === null ? device : null;
  if (chosen !== null && times.length > 0) {
    const others = times
      .filter((time) => time.device !== chosen)
      .map((time) => `${time.device} ${figure(time.msPerStep)} ms (${ratio(time.msPerStep / ms(chosen))})`);
    lines.push(
      `training on ${chosen}: a step of one network takes ${figure(ms(chosen))} ms, on ${others.join(', on ')}`,
    );
  }
  if (lost !== null) lines.push(`${lost} The processor goes on.`);
  return lines;
}

function ratio(times: number): string {
  return times >= 1
    ? `${figure(times)} times as long`
    : `${figure(1 / times)} times faster, but one network at a time`;
}
