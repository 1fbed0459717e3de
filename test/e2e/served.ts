import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

/** The built interface, served as `chronaxie serve` serves it, and the browser that looks at it. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

export async function startServing(history: string): Promise<{ server: ChildProcess; url: string }> {
  const server = spawn(
    process.execPath,
    [`${root}out/main/cli.js`, 'serve', '--no-open', '--history', history],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: server.stdout });
  const url = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    server.once('exit', (code) => reject(new Error(`serve ended with code ${code}`)));
  });
  return { server, url };
}

export function launchChromium(): Promise<Browser> {
  const executablePath = process.env.CHRONAXIE_CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, chromiumSandbox: false });
}
