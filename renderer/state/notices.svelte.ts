import { AppError } from '../../main/contract/errors.ts';

export interface Notice {
  id: number;
  kind: 'fault' | 'word';
  message: string;
  remedy: string;
}

/** Messages that belong to no place on the screen: each stays until it is dismissed, none is shown twice. */
export class Notices {
  #list = $state<Notice[]>([]);
  #next = 1;

  get list(): readonly Notice[] {
    return this.#list;
  }

  /** An expected or unexpected failure; what was cancelled by hand needs no message. */
  fail(thrown: unknown): void {
    const error = AppError.from(thrown);
    if (error.code !== 'cancelled') this.#add('fault', error.message, error.remedy);
  }

  say(message: string, remedy = ''): void {
    this.#add('word', message, remedy);
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((notice) => notice.id !== id);
  }

  #add(kind: Notice['kind'], message: string, remedy: string): void {
    if (this.#list.some((notice) => notice.message === message)) return;
    this.#list = [...this.#list, { id: this.#next++, kind, message, remedy }].slice(-4);
  }
}
