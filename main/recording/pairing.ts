import type { RecordingRow, Stretch } from './icephys-tables.ts';
import type { Series } from './series.ts';

/** A measured stretch with the stimulus that was applied during it. */
export interface SweepPair {
  response: Series;
  start: number;
  count: number;
  stimulus: { series: Series; start: number } | null;
}

export interface PairingSources {
  responses: readonly Series[];
  stimuli: readonly Series[];
  rows: readonly RecordingRow[];
  sweepTable: ReadonlyMap<number, readonly string[]>;
}

/**
 * Pairs responses with stimuli, by the first of these that gives an answer for a response: the intracellular_recordings
 * table; the sweep_table; equal sweep numbers; related names; equal start times. Free text is never read: descriptions
 * are wrong in published files.
 */
export function pairSweeps({ responses, stimuli, rows, sweepTable }: PairingSources): SweepPair[] {
  const byPath = new Map([...responses, ...stimuli].map((series) => [series.path, series]));
  const rowsOf = Map.groupBy(
    rows.filter((row) => row.response !== null),
    (row) => row.response!.path,
  );
  return responses.flatMap((response) => {
    const own = rowsOf.get(response.path) ?? [];
    if (own.length === 0) return [whole(response, findStimulus(response, stimuli, sweepTable))];
    return own.map((row) => {
      const paired = row.stimulus === null ? undefined : byPath.get(row.stimulus.path);
      const pair = stretchOf(response, row.response!);
      const stimulus = paired
        ? { series: paired, start: row.stimulus!.start }
        : (whole(response, findStimulus(response, stimuli, sweepTable)).stimulus ?? null);
      return { ...pair, stimulus };
    });
  });
}

function whole(response: Series, stimulus: Series | null): SweepPair {
  return {
    response,
    start: 0,
    count: response.samples,
    stimulus: stimulus === null ? null : { series: stimulus, start: 0 },
  };
}

function stretchOf(response: Series, { start, count }: Stretch): Omit<SweepPair, 'stimulus'> {
  const left = Math.max(response.samples - start, 0);
  return { response, start, count: Math.min(count ?? left, left) };
}

/** The stimulus of a response that no table row names; null where no rule, or more than one stimulus, answers. */
function findStimulus(
  response: Series,
  stimuli: readonly Series[],
  sweepTable: ReadonlyMap<number, readonly string[]>,
): Series | null {
  const group = [...sweepTable.values()].find((paths) => paths.includes(response.path)) ?? [];
  const key = nameKey(response.name);
  const rules: ((stimulus: Series) => boolean)[] = [
    (stimulus) => group.includes(stimulus.path),
    (stimulus) => response.sweepNumber !== null && stimulus.sweepNumber === response.sweepNumber,
    (stimulus) => nameKey(stimulus.name) === key,
    (stimulus) => response.startS !== null && stimulus.startS === response.startS,
  ];
  let candidates = stimuli;
  for (const rule of rules) {
    const matching = candidates.filter(rule);
    if (matching.length === 1) return matching[0]!;
    // several electrodes share a sweep number: the next rule chooses among them
    if (matching.length > 1) candidates = matching;
  }
  return null;
}

/** The same for a response and its stimulus: Series ↔ StimulusSeries, ic_ ↔ ics_, ccs_ ↔ ccss_, Sweep_N ↔ Sweep_N. */
function nameKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/stimulus|response/g, '')
    .replace(/^ics_/, 'ic_')
    .replace(/^ccss_/, 'ccs_');
}
