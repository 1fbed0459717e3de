/**
 * Draws docs/images/posterior.png, the README's picture: the example, opened and run as it comes, at the Posterior
 * place. Once the application is built: node test/e2e/readme-screenshot.ts
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium, root, startServing } from './served.ts';

const folder = mkdtempSync(join(tmpdir(), 'chronaxie-picture-'));
const { server, url } = await startServing(join(folder, 'history.sqlite'));
const browser = await launchChromium();
try {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: 1,
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  await page.goto(url);
  await page.getByRole('button', { name: 'Open example' }).click();
  await page.getByRole('heading', { name: /sweep 4$/ }).waitFor();
  await page.getByRole('button', { name: 'Run ▸' }).click();
  await page.getByText(/^Finished in/).waitFor({ timeout: 300_000 });
  await page.getByRole('button', { name: 'Show the posterior' }).click();
  await page.getByRole('heading', { name: 'Predicted features' }).waitFor();
  await page.mouse.move(1, 799); // nothing is pointed at
  await page.waitForTimeout(1500); // every panel has been drawn
  mkdirSync(join(root, 'docs', 'images'), { recursive: true });
  await page.screenshot({ path: join(root, 'docs', 'images', 'posterior.png') });
} finally {
  await browser.close();
  server.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
