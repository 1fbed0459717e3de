import type { Transport } from '../../main/contract/api.ts';

export interface SavedFile {
  name: string;
  mime: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/**
 * By the system's dialog where there is one, else as a download of the browser.
 * @returns what happened, as a sentence; empty where the dialog was closed
 */
export async function saveFile(transport: Transport, file: SavedFile, byDialog: boolean): Promise<string> {
  if (byDialog) {
    const answer = await transport.invoke('file.save', file);
    return answer === null ? '' : `Saved as ${answer.path}.`;
  }
  download(file);
  return `${file.name} went to the browser’s downloads.`;
}

function download(file: SavedFile): void {
  const url = URL.createObjectURL(new Blob([file.bytes], { type: file.mime }));
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  // The browser has taken the bytes once the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
