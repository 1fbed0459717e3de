import { badCode, type SimulationTask } from './simulation-messages.ts';

/** Reasons longer than this are cut: a message may hold a whole data set. */
const longestReason = 160;
/** Reasons that stay by name, the most frequent ones; bad[i] is a byte. */
const mostReasons = 50;
const otherReasons = 'other reasons';
const number = /[-+]?\d+(\.\d+)?(e[-+]?\d+)?/gi;

/** What a user's simulator threw, in one line; anything can be thrown. */
export function thrownReason(thrown: unknown): string {
  return `the simulator threw: ${oneLine(messageOf(thrown))}`;
}

function messageOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    return 'something without a text';
  }
}

function oneLine(text: string): string {
  const line = text.trim().split(/\s*\n/, 1)[0]!;
  return line.length > longestReason ? `${line.slice(0, longestReason)}…` : line;
}

/** The limits of a task's rules, for their reasons. */
export type BadRules = Pick<Extract<SimulationTask, { kind: 'neuron' }>, 'maxVoltageMv' | 'maxSpikes'>;

/**
 * Codes and told reasons as indices into a list of reasons, in the order in which the rows first have them: it does not depend on
 * which worker was first. Reasons that differ in their numbers alone are one («no root at t = …»), so that a thousand messages of
 * a simulator are not a thousand reasons; beyond the 50 most frequent, the rest are «other reasons». Every bad simulation is
 * counted under one of them.
 * @param codes [n] of badCode
 * @param told the reasons of rows whose code is `told`
 */
export function readBadReasons(
  codes: Uint8Array,
  told: ReadonlyMap<number, string>,
  rules: BadRules | null,
): { bad: Uint8Array; badReasons: string[] } {
  const exact = Array.from(codes, (code, row) => reasonOf(code, told.get(row), rules));
  const named = mostFrequent(groupedByNumbers(exact));
  const badReasons = [...new Set(named.filter((reason) => reason !== null))];
  const places = new Map(badReasons.map((reason, i) => [reason, i]));
  return {
    bad: Uint8Array.from(named, (reason) => (reason === null ? 0 : 1 + places.get(reason)!)),
    badReasons,
  };
}

function reasonOf(code: number, told: string | undefined, rules: BadRules | null): string | null {
  if (code === badCode.good) return null;
  if (code === badCode.diverged) return 'diverged: non-finite voltage';
  if (code === badCode.outOfRange) return `|V| above ${rules?.maxVoltageMv} mV`;
  if (code === badCode.tooManySpikes) return `more than ${rules?.maxSpikes} spikes`;
  return told ?? 'the simulator failed';
}

/** A reason keeps its numbers where all simulations that share its words share them too. */
function groupedByNumbers(reasons: readonly (string | null)[]): (string | null)[] {
  const pattern = (reason: string): string => reason.replace(number, '…');
  const variants = new Map<string, Set<string>>();
  for (const reason of new Set(reasons)) {
    if (reason === null) continue;
    const key = pattern(reason);
    variants.set(key, (variants.get(key) ?? new Set()).add(reason));
  }
  return reasons.map((reason) => {
    if (reason === null) return null;
    const key = pattern(reason);
    return variants.get(key)!.size > 1 ? key : reason;
  });
}

function mostFrequent(reasons: readonly (string | null)[]): (string | null)[] {
  const counts = new Map<string, number>();
  for (const reason of reasons) if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  if (counts.size <= mostReasons) return [...reasons];
  // A stable sort: among equally frequent ones the first rows' stay.
  const kept = new Set(
    [...counts]
      .sort((a, b) => b[1] - a[1])
      .slice(0, mostReasons)
      .map(([reason]) => reason),
  );
  return reasons.map((reason) => (reason === null || kept.has(reason) ? reason : otherReasons));
}
