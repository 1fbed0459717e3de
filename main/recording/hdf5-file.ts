import type * as Hdf5Module from 'h5wasm/node';
import type { Dataset, Entity, File, Group, OutputData, Reference } from 'h5wasm/node';
import { AppError } from '../contract/errors.ts';
import { giveSignOfLife } from './sign-of-life.ts';

type Hdf5Library = typeof Hdf5Module;

let loading: Promise<Hdf5Library> | null = null;

/** The HDF5 library, initialised once per thread. */
export function hdf5Library(): Promise<Hdf5Library> {
  loading ??= initialise();
  return loading;
}

/**
 * h5wasm takes a thread that has a `navigator` for a browser and then finds no files; Electron's and newer Node's threads
 * have one. Its error handler must be made to throw: by default data that cannot be decoded come back as silent zeros.
 */
async function initialise(): Promise<Hdf5Library> {
  const navigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: undefined, configurable: true, writable: true });
  try {
    const hdf5 = await import('h5wasm/node');
    const module = await hdf5.ready;
    module.activate_throwing_error_handler();
    return hdf5;
  } finally {
    if (navigator) Object.defineProperty(globalThis, 'navigator', navigator);
    else Reflect.deleteProperty(globalThis, 'navigator');
  }
}

/** An entry that leads out of the file, or nowhere; it is never followed. */
export interface OutsideLink {
  path: string;
  /** The other file's name; null for a link to nowhere inside this file. */
  file: string | null;
}

function isKind(found: Entity | null, kind: 'Group' | 'Dataset'): boolean {
  return found !== null && 'type' in found && String(found.type) === kind;
}

/** An HDF5 file opened for reading; every fault names the file and the object. */
export class Hdf5File {
  readonly path: string;
  readonly #file: File;

  private constructor(path: string, file: File) {
    this.path = path;
    this.#file = file;
  }

  static async open(path: string): Promise<Hdf5File> {
    const hdf5 = await hdf5Library();
    giveSignOfLife();
    try {
      return new Hdf5File(path, new hdf5.File(path, 'r'));
    } catch (cause) {
      throw openFault(path, cause);
    }
  }

  close(): void {
    this.#file.close();
  }

  group(path: string): Group | null {
    const found = this.#entity(path);
    return isKind(found, 'Group') ? (found as Group) : null;
  }

  dataset(path: string): Dataset | null {
    const found = this.#entity(path);
    return isKind(found, 'Dataset') ? (found as Dataset) : null;
  }

  /** Names inside a group; none where there is no such group. */
  keys(path: string): string[] {
    return this.group(path)?.keys() ?? [];
  }

  /** The link at a path, if it is one that leaves the file or leads nowhere. */
  outsideLink(path: string): OutsideLink | null {
    const found = this.#entity(path);
    if (found === null || !('target' in found || 'filename' in found)) return null;
    return { path, file: 'filename' in found ? (found as { filename: string }).filename : null };
  }

  /** Where a soft link leads that leads somewhere; null for anything else. */
  linkTarget(path: string): string | null {
    const folder = path.slice(0, path.lastIndexOf('/')) || '/';
    if (this.group(folder) === null || this.#entity(path) === null) return null;
    const target: unknown = this.#file.get_link(path);
    if (typeof target !== 'string' || target === '') return null;
    return target.startsWith('/') ? target : `${folder}/${target}`;
  }

  /** Path of the object that an object reference points to. */
  pathOf(reference: Reference): string | null {
    const found = this.#file.dereference(reference);
    return found !== null && 'path' in found ? (found as { path: string }).path : null;
  }

  attribute(path: string, name: string): OutputData | null {
    const owner = path === '/' ? this.#file : (this.group(path) ?? this.dataset(path));
    return owner?.attrs[name]?.value ?? null;
  }

  textAttribute(path: string, name: string): string | null {
    return textOf(this.attribute(path, name));
  }

  numberAttribute(path: string, name: string): number | null {
    return numberOf(this.attribute(path, name));
  }

  #entity(path: string): Entity | null {
    return path === '/' ? this.#file : this.#file.get(path);
  }
}

/** A scalar (or one-element array) of any numeric kind, 64-bit integers included; null if it is none. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value !== null && typeof value === 'object' && 'length' in value && value.length === 1) {
    return numberOf((value as ArrayLike<unknown>)[0]);
  }
  return null;
}

/** A string (or one-element array of strings); null if it is none. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.length === 1 ? textOf(value[0]) : null;
}

function openFault(path: string, cause: unknown): AppError {
  const trace = cause instanceof Error ? cause.message : String(cause);
  const details = { file: path };
  if (trace.includes('file signature not found')) {
    return new AppError(
      'file-unreadable',
      `${path} is not a recording: it is none of NWB, HDF5, ABF and text in columns.`,
      {
        remedy:
          'Choose such a file, or export the recording as one: NWB, or CSV with columns of time, voltage and current.',
        cause,
        details,
      },
    );
  }
  if (trace.includes('truncated file')) {
    return new AppError('file-unreadable', `${path} is truncated: its end is missing.`, {
      remedy: 'Copy or download the file again; if this is the original, its end was never written.',
      cause,
      details,
    });
  }
  return new AppError('file-unreadable', `${path} cannot be opened as HDF5: ${firstReason(trace)}.`, {
    remedy: 'Check that the file is complete and readable, for example by opening it with h5dump or PyNWB.',
    cause,
    details,
  });
}

/** The deepest entry of HDF5's error stack: what went wrong, rather than where it surfaced. */
export function firstReason(trace: string): string {
  const reasons = [...trace.matchAll(/#\d+:.*?\(\): (.*)/g)].map((match) => match[1]!.trim());
  return reasons.at(-1) ?? trace.split('\n', 1)[0]!;
}
