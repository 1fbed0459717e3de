import { existsSync } from 'node:fs';

/** Vitest calls the returned function after the last test: what `npm test` leaves out, so that green means what it says. */
export default function setup(): () => void {
  return () => {
    const electron = existsSync(new URL('../../node_modules/electron/dist', import.meta.url));
    console.log('\nNot run by npm test: the end-to-end tests (npm run test:e2e), which need a Chromium');
    console.log(
      electron
        ? 'and use the Electron runtime that is installed here.'
        : 'and test the desktop shell on a double of Electron, as its runtime is not installed here.',
    );
  };
}
