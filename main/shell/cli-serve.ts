import { existsSync } from 'node:fs';
import { join } from 'node:path';
import open from 'open';
import { AppError } from '../contract/errors.ts';
import { rendererFolder } from './app-root.ts';
import { cancelSignal, command, whole, withServices, type CommonOptions } from './cli-command.ts';
import { say, tell } from './cli-output.ts';
import { serve } from './serve.ts';

interface Options extends CommonOptions {
  port: number;
  open: boolean;
}

export const serveCommand = () =>
  command('serve', 'serve the interface on the loopback address; prints its URL with the token')
    .option('--port <port>', 'the port; 0 = any that is free', whole(0, 65535), 0)
    .option('--no-open', 'do not open the browser')
    .action(async (options: Options) => {
      if (!existsSync(join(rendererFolder, 'index.html'))) {
        throw new AppError('file-not-found', 'The interface is not built.', {
          remedy: 'Run “npm run build” in the folder of Chronaxie.',
        });
      }
      await withServices(options, async (services) => {
        services.expectWindow();
        const served = await serve({ services, folder: rendererFolder, port: options.port });
        say(served.url);
        tell('Chronaxie is served to this machine only. Ctrl-C stops it; finished rounds are kept.');
        if (options.open) await openBrowser(served.url);
        await cancelled();
        tell('Stopping …');
        await services.fits.close();
        await served.close();
      });
    });

/** Where no browser can be started, the printed address is enough. */
async function openBrowser(url: string): Promise<void> {
  try {
    const child = await open(url);
    child.once('error', () => {
      tell('No browser could be opened; open the address above.');
    });
  } catch {
    tell('No browser could be opened; open the address above.');
  }
}

function cancelled(): Promise<void> {
  return new Promise((resolve) => {
    if (cancelSignal.aborted) resolve();
    else cancelSignal.addEventListener('abort', () => resolve(), { once: true });
  });
}
