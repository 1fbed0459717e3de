import { sorted } from './document-data.ts';
import type { Workspace } from './workspace.svelte.ts';

/** Files that come in, by a drop, a dialog or the system, each to the place where its kind belongs. */
export class Arrivals {
  readonly #workspace: Workspace;
  /** The name of a file on its way to main; null = none. */
  #receiving = $state<string | null>(null);

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  get receiving(): string | null {
    return this.#receiving;
  }

  async openExample(): Promise<void> {
    await this.#workspace.attempt(async () => {
      const { path, config } = await this.#workspace.transport.invoke('recording.example', undefined);
      const sweep = config.source !== null && 'recording' in config.source ? config.source.sweep : null;
      await this.#workspace.openRecording(path, { config, sweep });
    });
  }

  /** The desktop's own dialog; where there is none the view offers a file input instead. */
  async choose(): Promise<void> {
    await this.#workspace.attempt(async () => {
      const chosen = await this.#workspace.transport.invoke('file.choose', undefined);
      await this.#sort(chosen?.paths ?? []);
    });
  }

  /** The first is shown; all stand in the history's column. */
  async receive(files: readonly File[]): Promise<void> {
    const paths: string[] = [];
    await this.#workspace.attempt(async () => {
      for (const file of files) {
        this.#receiving = file.name;
        paths.push(await this.#workspace.transport.pathOf(file));
      }
    });
    this.#receiving = null;
    await this.open(paths);
  }

  async open(paths: readonly string[]): Promise<void> {
    await this.#workspace.attempt(() => this.#sort(paths));
  }

  /** Recordings, and models of one's own: a model is chosen for the recording that is open. */
  async #sort(all: readonly string[]): Promise<void> {
    const { fit, recents } = this.#workspace;
    const { module, tables, models, recordings } = sorted(all);
    if (module !== null) this.#workspace.openModule(module.path, module.beside);
    const observed = this.#workspace.module;
    const isObservation = observed.module !== null;
    if (isObservation && tables.length > 0) await observed.add(tables);
    for (const path of models) {
      if ((await fit.addModel(path)) === null) fit.chooseModel(path);
      this.#workspace.go('model');
    }
    const opened = isObservation ? recordings : [...recordings, ...tables];
    const [first] = opened;
    if (first === undefined) return;
    if (opened.length > 1) recents.add(...opened);
    await this.#workspace.openRecording(first);
  }
}
