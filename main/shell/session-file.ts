import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Handlers } from '../contract/api.ts';

const valuesSchema = z.record(z.string(), z.string());
type Values = z.infer<typeof valuesSchema>;

/**
 * What the window remembers: theme, widths, the open document. A file beside the history, as a page that is served at another
 * port each time has no storage of its own that would last. A damaged file is as if there were none: the first start's window is
 * no loss worth a message.
 */
export class SessionFile {
  readonly #path: string;
  #values: Promise<Values> | null = null;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  read(): Promise<Values> {
    this.#values ??= readFile(this.#path, 'utf8').then(
      (text) => parsed(text),
      () => ({}),
    );
    return this.#values;
  }

  async write(key: string, value: string): Promise<void> {
    const values = await this.read();
    values[key] = value;
    // One after the other, each whole: a kill leaves the old file or the new one.
    const text = JSON.stringify(values);
    this.#writing = this.#writing.then(async () => {
      await writeFile(`${this.#path}.new`, text, { mode: 0o600 });
      await rename(`${this.#path}.new`, this.#path);
    });
    await this.#writing;
  }

  handlers(): Pick<Handlers, 'session.read' | 'session.write'> {
    return {
      'session.read': () => this.read(),
      'session.write': async ({ key, value }) => {
        await this.write(key, value);
        return {};
      },
    };
  }
}

function parsed(text: string): Values {
  try {
    return valuesSchema.parse(JSON.parse(text));
  } catch {
    return {};
  }
}
