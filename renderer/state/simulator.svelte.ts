import type { CallOutput, Transport } from '../../main/contract/api.ts';
import { AppError } from '../../main/contract/errors.ts';
import { named } from '../words/file.ts';

/** A module, its observation, and what they say. */
export type OpenSimulator = CallOutput<'simulator.open'>;

/**
 * A simulator module of the person's own with its observation, opened as a document. The module is a program: nothing of it runs
 * before the person says so, also not when the window is opened again.
 */
export class SimulatorState {
  readonly #transport: Transport;
  #module = $state<string | null>(null);
  /** What came with it: its observation, and what it reads. */
  #files = $state.raw<readonly string[]>([]);
  #allowed = $state(false);
  #opened = $state.raw<OpenSimulator | null>(null);
  #opening = $state(false);
  #error = $state.raw<AppError | null>(null);
  #newest = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get module(): string | null {
    return this.#module;
  }
  get files(): readonly string[] {
    return this.#files;
  }
  /** The person has said that the module may run. */
  get isAllowed(): boolean {
    return this.#allowed;
  }
  get isOpening(): boolean {
    return this.#opening;
  }
  /** What the module declares, and what was observed; null = not yet. */
  get opened(): OpenSimulator | null {
    return this.#opened;
  }
  get error(): AppError | null {
    return this.#error;
  }

  clear(): void {
    this.#newest++;
    this.#module = null;
    this.#files = [];
    this.#allowed = false;
    this.#opened = null;
    this.#opening = false;
    this.#error = null;
  }

  /** A module to be opened once it is allowed to run. */
  choose(module: string, files: readonly string[]): void {
    this.clear();
    this.#module = module;
    this.#files = files;
  }

  /** Another observation, or a file that the module reads. */
  async add(files: readonly string[]): Promise<void> {
    this.#files = [...files, ...this.#files.filter((file) => !files.includes(file))];
    if (this.#allowed) await this.open();
  }

  /** The person has said so: runs the module as far as it tells what it declares. */
  async open(): Promise<void> {
    const module = this.#module;
    if (module === null) return;
    const mine = ++this.#newest;
    this.#allowed = true;
    this.#opening = true;
    this.#error = null;
    try {
      const opened = await this.#transport.invoke('simulator.open', { module, files: [...this.#files] });
      if (mine === this.#newest) this.#opened = opened;
    } catch (thrown) {
      if (mine !== this.#newest) return;
      this.#opened = null;
      const error = AppError.from(thrown);
      const { file } = error.details;
      this.#error = typeof file === 'string' ? named(error, file) : error;
    } finally {
      if (mine === this.#newest) this.#opening = false;
    }
  }
}
