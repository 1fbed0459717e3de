import type { Transport } from '../../main/contract/api.ts';
import { AppError } from '../../main/contract/errors.ts';
import type { RunSummary } from '../../main/contract/run.ts';

/** The runs of the local history, newest first, by project. */
export class HistoryState {
  readonly #transport: Transport;
  #runs = $state.raw<RunSummary[]>([]);
  #query = $state('');
  #loaded = $state(false);
  #error = $state.raw<AppError | null>(null);
  #newest = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  get runs(): readonly RunSummary[] {
    return this.#runs;
  }
  get query(): string {
    return this.#query;
  }
  get loaded(): boolean {
    return this.#loaded;
  }
  get error(): AppError | null {
    return this.#error;
  }

  /** Runs whose name, recording or model holds every word that is looked for; grouped by project. */
  get found(): { project: string; runs: RunSummary[] }[] {
    const words = this.#query.toLowerCase().split(/\s+/).filter(Boolean);
    const matching = this.#runs.filter((run) => {
      const text = `${run.name} ${run.source} ${run.model} ${run.project}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const groups = Map.groupBy(matching, (run) => run.project);
    return [...groups].map(([project, runs]) => ({ project, runs }));
  }

  byId(id: string): RunSummary | null {
    return this.#runs.find((run) => run.id === id) ?? null;
  }

  search(query: string): void {
    this.#query = query;
  }

  async load(): Promise<void> {
    const mine = ++this.#newest;
    try {
      const runs = await this.#transport.invoke('history.list', undefined);
      if (mine !== this.#newest) return;
      this.#runs = runs.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
      this.#error = null;
    } catch (thrown) {
      if (mine === this.#newest) this.#error = AppError.from(thrown);
    } finally {
      if (mine === this.#newest) this.#loaded = true;
    }
  }

  async rename(id: string, name: string): Promise<void> {
    const trimmed = name.trim();
    if (trimmed === '' || trimmed === this.byId(id)?.name) return;
    const renamed = await this.#transport.invoke('history.rename', { id, name: trimmed });
    this.#runs = this.#runs.map((run) => (run.id === id ? renamed : run));
  }

  /** Out of the list; it can be restored for a day. */
  async discard(id: string): Promise<void> {
    await this.#transport.invoke('history.discard', { id });
    this.#runs = this.#runs.filter((run) => run.id !== id);
  }

  async restore(id: string): Promise<void> {
    await this.#transport.invoke('history.restore', { id });
    await this.load();
  }
}
