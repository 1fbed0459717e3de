import { distance } from 'fastest-levenshtein';

/**
 * The known name that a mistyped one was probably meant to be: fewest edits (Levenshtein 1966), upper and lower case
 * alike, letters that have changed places as one edit. null where even the nearest differs in half of its letters or more, which would be a guess.
 */
export function nearestName(typed: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let fewest = Infinity;
  for (const name of known) {
    const edits = editsBetween(typed.toLowerCase(), name.toLowerCase());
    if (edits < fewest) {
      best = name;
      fewest = edits;
    }
  }
  return best !== null && fewest <= Math.max(1, Math.floor(best.length / 2)) ? best : null;
}

function editsBetween(a: string, b: string): number {
  if (a !== b && letters(a) === letters(b)) return 1;
  return distance(a, b);
}

const letters = (word: string) => [...word].sort().join('');
