import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrowserWindow, session } from 'electron';

const partition = 'report';

/** Territories of US-Letter in Unicode CLDR (supplemental data, paperSize); all others print on A4. */
const letterCountries = new Set('BZ CA CL CO CR GT MX NI PA PH PR SV US VE'.split(' '));

export const pageSizeOf = (country: string): 'A4' | 'Letter' =>
  letterCountries.has(country) ? 'Letter' : 'A4';

/** A page as PDF, printed by a hidden window that runs no script and reaches nothing but that page. */
export async function reportPdf(html: Uint8Array, pageSize: 'A4' | 'Letter'): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'chronaxie-report-'));
  const file = join(folder, 'report.html');
  session.fromPartition(partition).webRequest.onBeforeRequest(({ url }, decide) => {
    decide({ cancel: !/^(file|data):/.test(url) });
  });
  const page = new BrowserWindow({
    show: false,
    webPreferences: {
      ...{ partition, sandbox: true, contextIsolation: true, nodeIntegration: false },
      ...{ javascript: false, webviewTag: false, spellcheck: false },
    },
  });
  try {
    await writeFile(file, html);
    await page.loadFile(file);
    return await page.webContents.printToPDF({ pageSize, printBackground: true });
  } finally {
    page.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}
