import { createInterface } from 'node:readline';
import { History } from '../../../main/history/history.ts';
import { newRun, round } from './records.ts';

/**
 * A second program at work on a history, for the tests that need one: started with the file, what to do, and its
 * arguments. It says every step on stdout once that is done.
 */
const [file, task, ...rest] = process.argv.slice(2);
if (file === undefined || task === undefined) throw new Error('usage: history-writer FILE TASK …');

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Writes rounds without end, from where the run stands. */
async function writeRounds(path: string, id: string, scale: number): Promise<void> {
  const history = History.open(path);
  history.setState(id, 'running');
  say('ready');
  for (let next = history.detail(id).roundsDone + 1; ; next++) {
    history.saveRound(id, round(next, scale));
    say(`round ${next}`);
    await new Promise(setImmediate); // lets stdout out
  }
}

/** Makes histories without end, one file after the other. */
async function makeHistories(path: string): Promise<void> {
  for (let i = 0; ; i++) {
    const history = History.open(`${path}-${i}`);
    history.createRun(newRun);
    history.close();
    say(`made ${i}`);
    await new Promise(setImmediate);
  }
}

/** Opens and writes runs of its own as soon as it is told to start. */
function writeRuns(path: string, runs: number): void {
  say('ready');
  createInterface({ input: process.stdin }).once('line', () => {
    const history = History.open(path);
    for (let i = 0; i < runs; i++) {
      const { id } = history.createRun(newRun);
      history.setState(id, 'running');
      history.saveRound(id, round(1));
      history.saveRound(id, round(2));
      history.setState(id, 'finished');
    }
    history.close();
    say('done');
    process.exit(0);
  });
}

/** Makes one run, says its id, and stays alive without doing anything. */
function holdRun(path: string): void {
  const history = History.open(path);
  const { id } = history.createRun(newRun);
  history.setState(id, 'running');
  say(`holding ${id}`);
  setInterval(() => history.list(), 1000);
}

// Not left behind when the test that started it dies.
process.stdin.resume().on('end', () => process.exit(1));

if (task === 'write-rounds') await writeRounds(file, rest[0]!, Number(rest[1]));
else if (task === 'make-histories') await makeHistories(file);
else if (task === 'write-runs') writeRuns(file, Number(rest[0]));
else if (task === 'hold-run') holdRun(file);
else throw new Error(`unknown task ${task}`);
