import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { root } from './served.ts';

/** What the tests of every place ask of a page. */
const artefacts = join(root, 'test', 'artefacts');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  passes: unknown[];
  violations: { id: string; impact: string; nodes: { html: string }[] }[];
}

/** The cells of a table's body, row by row. */
export function cellsOf(page: Page, selector: string): Promise<string[][]> {
  return page
    .locator(`${selector} tbody tr`)
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll('th, td')].map((cell) => (cell as HTMLElement).innerText.trim()),
      ),
    );
}

/** What axe-core finds serious or critical on the view as it stands. */
export async function serious(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<AxeResults> } };
    const { passes, violations } = await axe.run();
    if (passes.length < 10) return [`axe-core applied only ${passes.length} rules: it did not see the view`];
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
  });
}

/** A number as the interface shows it. */
export function numberIn(text: string): number {
  return Number(
    text
      .replaceAll('−', '-')
      .replaceAll(',', '')
      .replace(/[^\d.e-].*$/, ''),
  );
}

/** How many of a canvas's pixels are drawn on. */
export function drawnPixelsOf(page: Page, selector: string): Promise<number> {
  return page
    .locator(selector)
    .first()
    .evaluate((node) => {
      const canvas = node as HTMLCanvasElement;
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', {
        willReadFrequently: true,
      })!;
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value, i) => i % 4 === 3 && value > 0).length;
    });
}

/**
 * The canvas's picture, for comparisons. It is read from a copy: a browser warns of a canvas that is read
 * back twice, and the pages must leave the console empty.
 */
export function pictureOf(page: Page, selector: string): Promise<string> {
  return page.locator(selector).first().evaluate(pictureIn);
}

/** {@link pictureOf} of an element at hand; runs inside the page. */
export function pictureIn(node: Element): string {
  const canvas = node as HTMLCanvasElement;
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  copy.getContext('2d', { willReadFrequently: true })!.drawImage(canvas, 0, 0);
  return copy.toDataURL();
}

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
/** Time for a plot to follow a new size or theme: gestures rest 80 ms, then finer data are fetched and painted. */
const followMs = 500;

/** Nothing serious for axe-core in either theme, and screenshots in both themes and both sizes among the artefacts. */
export async function settled(page: Page, name: string): Promise<void> {
  mkdirSync(artefacts, { recursive: true });
  const size = page.viewportSize();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await serious(page)).toEqual([]);
    for (const viewport of sizes) {
      await page.setViewportSize(viewport);
      await page.waitForTimeout(followMs);
      const path = join(artefacts, `${name}-${viewport.width}-${colorScheme}.png`);
      await page.screenshot({ path });
    }
  }
  if (size !== null) await page.setViewportSize(size);
}
