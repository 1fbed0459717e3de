/** The part of jsfive (an independent HDF5 reader in plain JavaScript) that the tests use; it ships no types. */
declare module 'jsfive' {
  export class Dataset {
    readonly value: ArrayLike<number>;
    readonly shape: number[];
    readonly attrs: Record<string, unknown>;
  }
  export class Group {
    readonly keys: string[];
    get(path: string): Group | Dataset;
  }
  export class File extends Group {
    constructor(buffer: ArrayBuffer, name?: string);
  }
}
