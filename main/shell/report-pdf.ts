import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrowserWindow, session } from 'electron';

const partition = 'report';

/** Countries whose printers hold Letter; all others hold A4. */
const letterCountries = new Set([
  'US',
  'CA',
  'MX',
  'PH',
  'CL',
  'CO',
  'VE',
  'CR',
  'GT',
  'PA',
  'SV',
  'NI',
  'DO',
  'PR',
]);

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
