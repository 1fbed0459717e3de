// node resources/icons/render.mjs draws icon.png (512 × 512) from icon.svg with Chromium.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const folder = new URL('./', import.meta.url);
const svg = readFileSync(new URL('icon.svg', folder), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHRONAXIE_CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: process.getuid?.() !== 0,
});
const page = await browser.newPage({ viewport: { width: 512, height: 512 } });
await page.setContent(`<style>html,body{margin:0}svg{display:block;width:512px;height:512px}</style>${svg}`);
await page.screenshot({ path: new URL('icon.png', folder).pathname, omitBackground: true });
await browser.close();
