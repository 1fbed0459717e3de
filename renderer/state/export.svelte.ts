import type { CallOutput, Transport } from '../../main/contract/api.ts';
import { AppError } from '../../main/contract/errors.ts';
import type { ExportFormat } from '../../main/contract/run.ts';
import { saveFile } from './save-file.ts';

export type ExportFile = CallOutput<'export.render'>['files'][number];

/** What an export will write, and what was saved. */
export class ExportState {
  readonly #transport: Transport;
  #files = $state.raw<readonly ExportFile[]>([]);
  #error = $state.raw<AppError | null>(null);
  #saved = $state('');
  #refusals = $state.raw<CallOutput<'export.refusals'>>({ formats: {}, intoCopy: null });
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

  /** Why some formats cannot be written. */
  get refusals(): CallOutput<'export.refusals'> {
    return this.#refusals;
  }

  /** Asks what cannot be written of a run; where that is not known, everything can be tried. */
  async look(id: string): Promise<void> {
    const found = await this.#transport.invoke('export.refusals', { id }).catch(() => null);
    this.#refusals = found ?? { formats: {}, intoCopy: null };
  }

  /** @param intoCopy nwb: into a copy of the recording */
  async render(id: string, format: ExportFormat, intoCopy = false): Promise<void> {
    const mine = ++this.#newest;
    this.#saved = '';
    try {
      const { files } = await this.#transport.invoke('export.render', { id, format, intoCopy });
      if (mine !== this.#newest) return;
      this.#files = files;
      this.#error = null;
    } catch (thrown) {
      if (mine !== this.#newest) return;
      this.#files = [];
      this.#error = AppError.from(thrown);
    }
  }

  /** Desktop only: a report as PDF. */
  async savePdf(file: ExportFile): Promise<void> {
    try {
      const name = file.name.replace(/\.html$/, '.pdf');
      const answer = await this.#transport.invoke('file.savePdf', { name, html: new Uint8Array(file.bytes) });
      this.#saved = answer === null ? '' : `Saved as ${answer.path}.`;
    } catch (thrown) {
      this.#error = AppError.from(thrown);
    }
  }

  async save(file: ExportFile, byDialog: boolean): Promise<void> {
    try {
      this.#saved = await saveFile(this.#transport, { ...file, bytes: new Uint8Array(file.bytes) }, byDialog);
    } catch (thrown) {
      this.#error = AppError.from(thrown);
    }
  }
}
