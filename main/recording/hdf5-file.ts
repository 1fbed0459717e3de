import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
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

/** A link that is no hard one. */
interface Link {
  /** The other file's name as the link states it; null = it leads to another place in its own file. */
  filename: string | null;
  /** null where the other file is not found, or is none of HDF5. */
  file: Hdf5File | null;
  /** The object's path there. */
  target: string;
}

/** Where an object lies itself. */
interface Place {
  file: Hdf5File;
  path: string;
}

/** What the library answers of a path that is none. */
const MISSING = -1;
/** Links that are followed one after the other: more is a circle. */
const MOST_LINKS = 16;

/** A link to what is not there. */
export interface LostLink {
  path: string;
  /** The other file's name; null for a link inside this file. */
  file: string | null;
}

function isKind(found: Entity | null, kind: 'Group' | 'Dataset'): boolean {
  return found !== null && 'type' in found && String(found.type) === kind;
}

/**
 * An HDF5 file opened for reading; every fault names the file and the object.
 *
 * Links into other files are followed here and not by the library, which looks for text of the other file in this one's
 * (h5wasm 0.10.3: strings of variable length come back wrong).
 */
export class Hdf5File {
  readonly path: string;
  readonly #file: File;
  readonly #library: Hdf5Library;
  /** By path, as far as it was asked; null = none is there. */
  readonly #links = new Map<string, Link | null>();
  /** Other files by their paths, shared by all that lead to them. */
  readonly #others: Map<string, Hdf5File>;

  private constructor(path: string, library: Hdf5Library, others = new Map<string, Hdf5File>()) {
    this.path = path;
    this.#library = library;
    this.#file = new library.File(path, 'r');
    this.#others = others.set(path, this);
  }

  static async open(path: string): Promise<Hdf5File> {
    const hdf5 = await hdf5Library();
    giveSignOfLife();
    try {
      return new Hdf5File(path, hdf5);
    } catch (cause) {
      throw openFault(path, cause);
    }
  }

  /** Closes the files that links led to as well. */
  close(): void {
    for (const file of this.#others.values()) file.#file.close();
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

  /** The link at a path, if it is one to what is not there. */
  lostLink(path: string): LostLink | null {
    const found = this.#entity(path);
    if (found !== null && !('target' in found)) return null;
    const link = this.#linkOf(path);
    return link && { path, file: link.filename };
  }

  /** The name of another file in which a link finds what is at a path; null where it lies in this one, or nowhere. */
  otherFile(path: string): string | null {
    const place = this.#located(path);
    return place === null || place.file === this || this.#entity(path) === null
      ? null
      : basename(place.file.path);
  }

  /** Where a soft link leads that leads somewhere; null for anything else. */
  linkTarget(path: string): string | null {
    const link = this.#linkOf(path);
    return link === null || link.filename !== null || this.#entity(path) === null ? null : link.target;
  }

  /** Path of the object that an object reference points to; null where there is none any more. */
  pathOf(reference: Reference): string | null {
    const found = this.#dereferenced(reference);
    return found !== null && 'path' in found ? (found as { path: string }).path : null;
  }

  attribute(path: string, name: string): OutputData | null {
    const owner = this.#entity(path);
    return owner !== null && 'attrs' in owner ? (owner.attrs[name]?.value ?? null) : null;
  }

  textAttribute(path: string, name: string): string | null {
    return textOf(this.attribute(path, name));
  }

  numberAttribute(path: string, name: string): number | null {
    return numberOf(this.attribute(path, name));
  }

  #dereferenced(reference: Reference): ReturnType<File['dereference']> | null {
    try {
      return this.#file.dereference(reference);
    } catch {
      return null; // deleted since, as h5py and HDFView let people do: the reference stays
    }
  }

  /** The link itself that a path ends with. */
  #linkOf(path: string): Link | null {
    const folder = this.#located(parentOf(path));
    return folder && folder.file.#linkAt(`${folder.path}/${path.slice(path.lastIndexOf('/') + 1)}`);
  }

  #entity(path: string): Entity | null {
    const place = this.#located(path);
    if (place === null) return null;
    return place.path === '' ? place.file.#file : place.file.#file.get(place.path);
  }

  /** Where the object of a path lies once links into other files are followed; null where one leads nowhere. */
  #located(path: string, followed = 0): Place | null {
    const names = path.split('/').filter((name) => name !== '');
    let at = '';
    for (const [i, name] of names.entries()) {
      at = `${at}/${name}`;
      const link = this.#linkAt(at);
      if (link === null) continue;
      const rest = names.slice(i + 1).join('/');
      if (followed >= MOST_LINKS || link.file === null) return null;
      const place = link.file.#located(`${link.target}/${rest}`, followed + 1);
      // within this file the library follows it
      return place?.file === this ? { file: this, path: `/${names.join('/')}` } : place;
    }
    return { file: this, path: at };
  }

  #linkAt(path: string): Link | null {
    const known = this.#links.get(path);
    if (known !== undefined) return known;
    const link = this.#file.get_type(path) === MISSING ? null : this.#readLink(path);
    this.#links.set(path, link);
    return link;
  }

  #readLink(path: string): Link | null {
    const { filename, obj_path } = this.#file.get_external_link(path) as {
      filename?: string;
      obj_path?: string;
    };
    if (filename !== undefined) return { filename, file: this.#beside(filename), target: obj_path ?? '/' };
    const target: unknown = this.#file.get_link(path);
    if (typeof target !== 'string' || target === '') return null;
    const absolute = target.startsWith('/') ? target : `${parentOf(path)}/${target}`;
    return { filename: null, file: this, target: absolute };
  }

  /** The other file, where the link says, else beside this one: folders are moved whole. */
  #beside(filename: string): Hdf5File | null {
    const folder = dirname(this.path);
    const candidates = [
      ...(isAbsolute(filename) ? [filename] : [join(folder, filename)]),
      join(folder, basename(filename)),
    ];
    const path = candidates.find((candidate) => existsSync(candidate));
    if (path === undefined) return null;
    giveSignOfLife();
    try {
      return this.#others.get(path) ?? new Hdf5File(path, this.#library, this.#others);
    } catch {
      return null;
    }
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** The last part of a path of any system: files move between them. */
function basename(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
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
