/** Numbers in [0, 1) from a seed (mulberry32, Tommy Ettinger 2017, public domain), so that a file can be made again. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export type Mutation =
  'bit flips' | 'truncated' | 'hostile sizes' | 'swapped words' | 'blocks moved' | 'blanked';

const mutations: readonly Mutation[] = [
  'bit flips',
  'bit flips',
  'truncated',
  'hostile sizes',
  'hostile sizes',
  'swapped words',
  'blocks moved',
  'blanked',
];

/** Sizes and counts that a reader must not believe. */
const hostile = [0, 1, 0x7f, 0xff, 0xffff, 0x7fffffff, 0xffffffff, 0x80000000, 0x40000000, 1e9, 65_536];

/** A damaged copy of a file, the damage drawn from `random`. */
export function mutated(bytes: Uint8Array, random: () => number): { bytes: Buffer; mutation: Mutation } {
  const mutation = mutations[Math.floor(random() * mutations.length)]!;
  const copy = Buffer.from(bytes);
  const below = (limit: number) => Math.floor(random() * limit);
  // the beginning holds the header: half of the damage is done there
  const place = (room = 0) =>
    below(Math.max(1, (random() < 0.5 ? Math.min(4096, copy.length) : copy.length) - room));
  switch (mutation) {
    case 'bit flips':
      for (let n = 1 + below(16); n > 0; n--) {
        const at = place();
        copy[at]! ^= 1 << below(8);
      }
      break;
    case 'truncated':
      return { bytes: copy.subarray(0, below(copy.length)), mutation };
    case 'hostile sizes':
      for (let n = 1 + below(4); n > 0; n--) {
        const value = hostile[below(hostile.length)]!;
        copy.writeUInt32LE(value >>> 0, place(8));
      }
      break;
    case 'swapped words':
      swapWords(copy, below);
      break;
    case 'blocks moved': {
      const size = 8 + below(256);
      const from = place(size);
      // zeros moved over samples are zeros of the file: nothing that a reader could notice
      if (copy.subarray(from, from + size).some((byte, i, block) => byte === 0 && block[i + 1] === 0)) break;
      copy.copyWithin(place(size), from, from + size);
      break;
    }
    case 'blanked': {
      const at = place();
      copy.fill(random() < 0.5 ? 0 : 0xff, at, Math.min(at + 1 + below(256), copy.length));
      break;
    }
  }
  return { bytes: copy, mutation };
}

/** Puts one word of the file over another one of its words: names, types and units of attributes, rows of a table. */
function swapWords(copy: Buffer, below: (limit: number) => number): void {
  const words = [...copy.toString('latin1').matchAll(/[A-Za-z0-9_.-]{3,24}/g)];
  if (words.length < 2) return;
  const from = words[below(words.length)]!;
  const to = words[below(words.length)]!;
  copy.write(from[0].slice(0, to[0].length), to.index, 'latin1');
}
