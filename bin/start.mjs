import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { follow, isRightNode, root, runUnderNode24 } from './node-24.mjs';

/**
 * `npm start`: the desktop application where the Electron runtime is installed, else the same interface served to the
 * default browser. Electron's own launcher would try to download a missing runtime; this one only looks.
 */
function electronProgram() {
  const { ELECTRON_EXEC_PATH, ELECTRON_OVERRIDE_DIST_PATH } = process.env;
  if (ELECTRON_EXEC_PATH) return ELECTRON_EXEC_PATH;
  const folder = join(root, 'node_modules', 'electron');
  const named = join(folder, 'path.txt');
  const usual =
    { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[process.platform] ?? 'electron';
  const program = existsSync(named) ? readFileSync(named, 'utf8').trim() : usual;
  return join(ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), program);
}

function whyNoDesktop(program) {
  if (!existsSync(program)) {
    return 'the Electron runtime is not installed (with access to github.com, “npx install-electron” fetches it)';
  }
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return 'there is no display';
  return null;
}

if (!isRightNode) {
  runUnderNode24(fileURLToPath(import.meta.url), process.argv.slice(2));
} else {
  const { buildIfNeeded } = await import('./build-if-needed.mjs');
  buildIfNeeded();
  const program = electronProgram();
  const reason = whyNoDesktop(program);
  if (reason === null) {
    delete process.env.ELECTRON_RUN_AS_NODE; // some editors' terminals set it; it would start a plain Node
    follow(spawn(program, [root, ...process.argv.slice(2)], { stdio: 'inherit' }));
  } else {
    process.stderr.write(`chronaxie: the desktop window cannot open: ${reason}.\n`);
    process.stderr.write('chronaxie: serving the same interface to your browser instead.\n');
    process.argv.splice(2, 0, 'serve');
    await import('../out/main/cli.js');
  }
}
