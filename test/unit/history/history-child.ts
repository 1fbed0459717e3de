import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./history-writer.ts', import.meta.url));

/** A running history-writer.ts, with what it has said so far. */
export function startWriter(...parameters: string[]) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...parameters], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  let complaints = '';
  child.stderr.on('data', (bytes: Buffer) => (complaints += bytes.toString()));
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => said.push(line));
  // Both streams at their end: everything that was said has arrived.
  const ended = Promise.all([once(child, 'close'), once(lines, 'close')]);
  return {
    said,
    /** The first line that begins with the words; rejects when the program ends before. */
    async until(words: string): Promise<string> {
      for (;;) {
        const line = said.find((candidate) => candidate.startsWith(words));
        if (line !== undefined) return line;
        const over = await Promise.race([once(lines, 'line').then(() => false), ended.then(() => true)]);
        if (over && !said.some((candidate) => candidate.startsWith(words)))
          throw new Error(`the writer ended before it said «${words}»: ${complaints}`);
      }
    },
    start: () => child.stdin.write('start\n'),
    async kill(): Promise<void> {
      child.kill('SIGKILL');
      await ended;
    },
    async exitCode(): Promise<number | null> {
      await ended;
      if (complaints !== '') throw new Error(complaints);
      return child.exitCode;
    },
  };
}
