import { execFileSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellsOf, drawnPixelsOf, numberIn, pictureOf, settled } from './page-checks.ts';
import { launchChromium, root, startServing } from './served.ts';

/** A finished fit of the example recording, with a parameter of a log prior: Posterior, Run and Export as a person uses them. */
const complaints: string[] = [];
let folder: string;
let server: ChildProcess;
let browser: Browser;
let page: Page;
/** Where main computes before it answers, on a machine that may be busy. */
const soon = { timeout: 60_000 };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chronaxie-finished-'));
  const history = join(folder, 'history.sqlite');
  const config = join(folder, 'config.json');
  writeFileSync(
    config,
    JSON.stringify({
      source: { recording: join(root, 'resources/examples/18711001-steps.nwb'), sweep: 4 },
      cell: { liquidJunctionMv: -14 },
      parameters: { gM: { prior: { logUniform: [0.0006, 0.6] } } },
      network: { family: 'mixture' },
      ...{ rounds: 3, simulations: 400, seed: 5 },
    }),
  );
  const out = join(folder, 'out');
  execFileSync(
    process.execPath,
    [`${root}out/main/cli.js`, 'fit', '--config', config, '--history', history, '--out', out],
    { stdio: 'ignore' },
  );
  let url: string;
  ({ server, url } = await startServing(history));
  browser = await launchChromium();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  await page.getByRole('button', { name: /finished: 18711001-steps/ }).click();
  await page.getByRole('heading', { name: 'Predicted features' }).waitFor(soon);
}, 240_000);
afterAll(async () => {
  await browser.close();
  server.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

const clipboard = () => page.evaluate(() => navigator.clipboard.readText());

async function saved(click: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const downloading = page.waitForEvent('download');
  await click();
  const download = await downloading;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}
const fromMenu = (what: string, item: RegExp) =>
  saved(async () => {
    await page.getByRole('button', { name: `Save or copy ${what}` }).click();
    await page.getByRole('menuitem', { name: item }).click();
  });

describe('the posterior of a finished run', () => {
  it('draws a parameter with a log prior on a logarithmic axis', async () => {
    await expect.poll(() => drawnPixelsOf(page, '.panel.marginal canvas'), soon).toBeGreaterThan(500);
    const { name, bytes } = await fromMenu('the posterior', /CSV/);
    expect(name).toBe('posterior-round-3.csv');
    const lines = bytes.toString().trim().split('\n').map((line) => line.split(',')); // prettier-ignore
    expect(lines[0]).toEqual(['parameter', 'unit', 'density', 'value', 'prior', 'posterior', 'conditional']);
    const own = lines.filter(([parameter]) => parameter === 'gM');
    expect(own).toHaveLength(96);
    expect(new Set(own.map((line) => line[2]))).toEqual(new Set(['per e-fold']));
    const values = own.map((line) => Number(line[3]));
    // Three decades in 96 cells: every value the same factor above the one before; a flat prior of 1/ln 1000.
    expect(values[1]! / values[0]!).toBeCloseTo(1000 ** (1 / 96), 9);
    expect(values[95]! / values[94]!).toBeCloseTo(1000 ** (1 / 96), 9);
    expect(Number(own[40]![4])).toBeCloseTo(1 / Math.log(1000), 9);
    const mass = own.reduce((sum, line) => sum + Number(line[5]), 0) * (Math.log(1000) / 96);
    expect(mass).toBeCloseTo(1, 1); // smoothing loses a little at the bounds
  });

  it('plays its rounds, and outlines the one before', async () => {
    const round = () => page.locator('output').innerText();
    const last = await pictureOf(page, '.panel.marginal canvas');
    await page.getByRole('button', { name: 'Play the rounds' }).click();
    await expect.poll(round, soon).toMatch(/^1/);
    await expect.poll(() => pictureOf(page, '.panel.marginal canvas'), soon).not.toBe(last);
    await expect.poll(round, soon).toMatch(/^3/);
    await page.getByRole('button', { name: 'Play the rounds' }).waitFor();
    await expect.poll(() => pictureOf(page, '.panel.marginal canvas'), soon).toBe(last);
    await page.getByRole('checkbox', { name: 'Round 2 dashed' }).check();
    await expect.poll(() => pictureOf(page, '.panel.marginal canvas'), soon).not.toBe(last);
    await settled(page, 'posterior-previous');
    await page.getByRole('checkbox', { name: 'Round 2 dashed' }).uncheck();
  });

  it('holds a parameter at a value and shows what the others then are', async () => {
    const before = await cellsOf(page, '.intervals table');
    await page.getByRole('combobox', { name: 'Hold a parameter at a value' }).selectOption({ label: 'g_K' });
    await page.getByRole('heading', { name: 'The others, given what is held' }).waitFor(soon);
    const slider = page.getByRole('slider', { name: 'Value at which g_K is held' });
    await slider.focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('PageUp');
    const value = () => page.getByRole('textbox', { name: 'Value of g_K, typed' }).inputValue();
    const held = async () => (await cellsOf(page, '.intervals table'))[1]!;
    // The table shows three digits of the value that the slider wants.
    await expect
      .poll(async () => Math.abs(numberIn((await held())[1]!) / numberIn(await value()) - 1), soon)
      .toBeLessThan(0.01);
    expect((await held())[2]).toBe('held');
    const after = await cellsOf(page, '.intervals table');
    const width = (row: string[]) => numberIn(row[3]!) - numberIn(row[2]!);
    expect(after.filter((row, i) => i !== 1 && width(row) !== width(before[i]!)).length).toBeGreaterThan(4);
    await settled(page, 'posterior-held');
    await page.getByRole('button', { name: 'Copy table' }).click();
    await page.getByText('Copied.').first().waitFor();
    expect((await clipboard()).split('\n')[2]).toMatch(/^g_K\tmS\/cm²\t[\d.]+\t\t\theld$/);
    await page.getByRole('button', { name: 'Release g_K' }).click();
    await expect.poll(() => cellsOf(page, '.intervals table'), soon).toEqual(before);
  });

  it('shows true values in every panel and in the table, as typed or pasted, and keeps them', async () => {
    const diagonal = () => pictureOf(page, '.panel.marginal canvas');
    const pair = () => pictureOf(page, 'button.panel.cell canvas');
    const [before, pairBefore] = [await diagonal(), await pair()];
    await page.getByRole('button', { name: 'True values…' }).click();
    const field = (name: string) => page.getByRole('textbox', { name: `True value of ${name}`, exact: true });
    await field('g_K').fill('five');
    expect(await page.getByText('gK: «five» is not a number.').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Keep', exact: true }).isDisabled()).toBe(true);
    await field('g_K').fill('');
    await page.evaluate(() => navigator.clipboard.writeText('gNa,gK,gl\n50,5,0.1\n'));
    await field('g_Na').focus();
    await page.keyboard.press('Control+V');
    expect(await field('g_l').inputValue()).toBe('0.1');
    await settled(page, 'posterior-truth-entered');
    await field('g_l').focus();
    await page.keyboard.press('Enter');
    const truth = async () => (await cellsOf(page, '.intervals table')).map((row) => row[5]!);
    const first = async () => (await truth()).slice(0, 4).map((text) => text.replace(/^!\s*/, ''));
    await expect.poll(first, soon).toEqual(['50.0', '5.00', '0.1000', '–']);
    await expect.poll(diagonal, soon).not.toBe(before);
    expect(await pair()).not.toBe(pairBefore);
    await settled(page, 'posterior-truth');
    await page.reload();
    await page.getByRole('heading', { name: 'Predicted features' }).waitFor(soon);
    expect((await truth())[0]).toContain('50.0');
  });

  it('tells what a calibration takes, makes it, and says in words whether the widths are right', async () => {
    await page.getByRole('textbox', { name: 'Simulations' }).fill('10');
    expect(await page.getByText('At least 20.').isVisible()).toBe(true);
    await page.getByRole('textbox', { name: 'Simulations' }).fill('24');
    await page.getByText(/^Simulates 24 parameter sets .* about/).waitFor(soon);
    await page.getByRole('button', { name: 'Calibrate', exact: true }).click();
    await page.getByRole('progressbar', { name: 'Progress of the calibration' }).waitFor(soon);
    await page.locator('.ranks').waitFor({ timeout: 120_000 });
    await expect.poll(() => page.locator('.rank canvas').count()).toBe(8);
    await expect.poll(() => drawnPixelsOf(page, '.rank canvas'), soon).toBeGreaterThan(500);
    expect(
      await page.getByText(/^Calibrated, as far|^Look closer at the widths|^Not calibrated/).count(),
    ).toBe(1);
    await page.locator('.ranks').scrollIntoViewIfNeeded();
    await settled(page, 'calibration');
    const { bytes } = await fromMenu('the coverage', /CSV/);
    const shares = bytes.toString().trim().split('\n').slice(1).map((line) => Number(line.split(',')[1])); // prettier-ignore
    shares.forEach((share, i) => expect(share).toBeGreaterThanOrEqual(shares[i - 1] ?? 0));
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
  }, 180_000);

  it('saves what is seen as SVG, PNG and PDF, in print colours', async () => {
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('dark');
    const svg = (await fromMenu('the posterior', /SVG/)).bytes.toString();
    expect(svg).toContain('<title>Posterior after round 3</title>');
    expect(svg).toContain('#0072b2');
    expect(svg).not.toContain('#56b4e9');
    expect(svg.match(/<image /g)).toHaveLength(28);
    expect(svg).toContain('>tau'.replace('tau', 'τ'));
    const png = (await fromMenu('the predicted traces', /PNG/)).bytes;
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1280, 720]);
    const pdf = (await fromMenu('the predicted features', /PDF/)).bytes;
    expect(pdf.toString('latin1', 0, 8)).toBe('%PDF-1.4');
    expect(pdf.toString('latin1', pdf.length - 6)).toBe('%%EOF\n');
    await settled(page, 'posterior-dark-figures');
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('system');
  });
});

describe('the run place of a finished run', () => {
  it('draws the loss of every epoch, as it was trained before the program was started', async () => {
    await page.keyboard.press('4');
    const curve = page.locator('.loss canvas');
    await curve.getByText(/by epoch$/).waitFor(soon);
    await expect.poll(() => drawnPixelsOf(page, '.loss canvas'), soon).toBeGreaterThan(500);
    await settled(page, 'run-losses');
  });
});

describe('the export of a finished run', () => {
  it('writes a report that needs no script, and says beforehand what stands in it', async () => {
    await page.locator('h1').click();
    await page.keyboard.press('6');
    await page.getByRole('radio', { name: /^Report/ }).check();
    const save = page.getByRole('button', { name: /^Save .*-report\.html$/ });
    await save.waitFor(soon);
    await page.getByText('Predicted traces under the recording').waitFor();
    await settled(page, 'export-report');
    const { name, bytes } = await saved(() => save.click());
    expect(name).toMatch(/-report\.html$/);
    const html = bytes.toString();
    expect(html.startsWith('<!doctype html>')).toBe(true);
    expect(html).not.toContain('<script');
    expect(html).toContain('Expected coverage');
  });

  it('previews every figure as it will be written', async () => {
    await page.locator('h1').click();
    await page.keyboard.press('6');
    await page.getByRole('radio', { name: /^Figures/ }).check();
    await page.getByRole('button', { name: 'Save calibration-ranks.pdf' }).waitFor(soon);
    await expect.poll(() => page.locator('.preview canvas').count()).toBe(6);
    await expect.poll(() => drawnPixelsOf(page, '.preview canvas'), soon).toBeGreaterThan(5000);
    const { name, bytes } = await saved(() =>
      page.getByRole('button', { name: 'Save predicted-features-round-3.csv' }).click(),
    );
    expect(name).toBe('predicted-features-round-3.csv');
    expect(bytes.toString()).toContain('spikeCount,,observed,6\n');
    await settled(page, 'export-figures');
  });

  it('writes a methods paragraph with its references, and where the numbers come from', async () => {
    await page.getByRole('radio', { name: /^For the paper/ }).check();
    await page.getByRole('button', { name: 'Copy methods' }).click(soon);
    await page.getByText('Copied.').waitFor();
    const text = await clipboard();
    expect(text).toContain('truncated sequential neural posterior estimation (TSNPE) [3]');
    expect(text).toContain('Sweep 4 of 18711001-steps.nwb');
    expect(text).toContain('corrected by −14 mV');
    expect(text).toContain('gM log-uniform between 0.0006 and 0.6 mS/cm²');
    expect(text).toContain('1,200 simulations were made');
    expect(text).toMatch(/\n\[3\] Deistler/);
    const provenance = new Map(
      (await cellsOf(page, 'section')).map(([name, value]) => [name, value] as const),
    );
    expect(provenance.get('SHA-256')).toMatch(/^[0-9a-f]{64}$/);
    expect(provenance.get('Seed')).toBe('5');
    await settled(page, 'export-paper');
  });
});

describe('further runs', () => {
  it('estimates a fit by earlier ones, queues a second, and adds rounds to a finished one', async () => {
    await page.locator('h1').click();
    await page.keyboard.press('3');
    await page.getByRole('textbox', { name: 'Rounds' }).fill('1');
    // Long enough for the second to be cancelled, even if its turn has come by then.
    await page.getByRole('textbox', { name: 'Simulations per round' }).fill('20000');
    await page.getByRole('button', { name: 'Run again ▸' }).click();
    await page.getByRole('button', { name: 'Queue another ▸' }).click(soon);
    await page.getByRole('button', { name: /waiting: 18711001-steps/ }).waitFor(soon);
    await page.getByRole('heading', { name: 'Other runs' }).waitFor(soon);
    await settled(page, 'run-queue');
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel, keep finished rounds' }).waitFor();
    await settled(page, 'run-live');
    await page.getByRole('button', { name: /waiting: 18711001-steps/ }).click();
    await page.getByText('Waiting for the run before it.').waitFor();
    await page.getByRole('button', { name: 'Cancel, keep finished rounds' }).click();
    await page.getByText('Cancelled; no round was finished.').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: /finished: 18711001-steps.*1 round/ }).click({ timeout: 120_000 });
    await page.getByRole('heading', { name: 'Predicted features' }).waitFor(soon);
    await page.keyboard.press('4');
    await page.getByRole('textbox', { name: 'Rounds to add' }).fill('1');
    await page.getByRole('button', { name: 'Add rounds', exact: true }).click();
    await page.getByText(/^Finished in/).waitFor({ state: 'detached' });
    await page.getByText(/^Finished in/).waitFor({ timeout: 120_000 });
    await expect
      .poll(async () => (await cellsOf(page, '.run table')).map((row) => row[0]))
      .toEqual(['1', '2']);
    await settled(page, 'run-added');
  }, 300_000);

  it('left nothing in the console', () => {
    expect(complaints).toEqual([]);
  });
});
