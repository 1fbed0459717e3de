import type { CallOutput, Transport } from '../../main/contract/api.ts';
import { AppError } from '../../main/contract/errors.ts';
import type { ExportFormat } from '../../main/contract/run.ts';

export type ExportFile = CallOutput<'export.render'>['files'][number];

/** What an export will write, and what was saved. */
export class ExportState {
  readonly #transport: Transport;
  #files = $state.raw<readonly ExportFile[]>([]);
  #error = $state.raw<AppError | null>(null);
  #saved = $state('');
  #newest = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get files(): readonly ExportFile[] {
    return this.#files;
  }
  get error(): AppError | null {
    return this.#error;
  }
  get saved(): string {
    return this.#saved;
  }

  async render(id: string, format: ExportFormat): Promise<void> {
    const mine = ++this.#newest;
    this.#saved = '';
    try {
      const { files } = await this.#transport.invoke('export.render', { id, format });
      if (mine !== this.#newest) return;
      this.#files = files;
      this.#error = null;
    } catch (thrown) {
      if (mine !== this.#newest) return;
      this.#files = [];
      this.#error = AppError.from(thrown);
    }
  }

  /** By the system's dialog where there is one, else as a download of the browser. */
  async save(file: ExportFile, byDialog: boolean): Promise<void> {
    try {
      if (byDialog) {
        const answer = await this.#transport.invoke('file.save', file);
        this.#saved = answer === null ? '' : `Saved as ${answer.path}.`;
        return;
      }
      download(file);
      this.#saved = `${file.name} went to the browser’s downloads.`;
    } catch (thrown) {
      this.#error = AppError.from(thrown);
    }
  }
}

function download(file: ExportFile): void {
  const url = URL.createObjectURL(new Blob([new Uint8Array(file.bytes)], { type: file.mime }));
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  // The browser has taken the bytes once the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
