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
  templates: readonly Series[];
  rows: readonly RecordingRow[];
  sweepTable: ReadonlyMap<number, readonly string[]>;
}

/**
 * Pairs responses with stimuli, by the first of these that gives an answer for a response: the intracellular_recordings
 * table; the sweep_table; equal sweep numbers; related names; equal start times; equal numbers within the names. Where these leave several,
 * the electrode chooses. A stimulus of another recorded electrode is taken only where the tables say so: what one cell was given is not
 * what its neighbour got. Free text is never read: descriptions are wrong in published files.
 */
export function pairSweeps(sources: PairingSources): SweepPair[] {
  const { responses, stimuli, templates, rows } = sources;
  const byPath = new Map(
    [...responses, ...templates, ...stimuli].flatMap((series) => [
      [series.target, series],
      [series.path, series],
    ]),
  );
  const seriesOf = (stretch: Stretch | null) =>
    stretch === null || stretch.path === null ? undefined : byPath.get(stretch.path);
  const rowsOf = Map.groupBy(
    rows.filter((row) => row.response !== null),
    (row) => seriesOf(row.response),
  );
  const namesStimuli = rows.some(({ stimulus }) => stimulus !== null);
  const electrodes = new Set(responses.map(({ electrode }) => electrode));
  const find = (response: Series) => {
    if (response.mode === 'i-zero') return null;
    const mayBe = ({ electrode, mode }: Series) =>
      mode === response.mode &&
      (electrode === null || electrode === response.electrode || !electrodes.has(electrode));
    const group = [...sources.sweepTable.values()].find((paths) => paths.includes(response.target)) ?? [];
    return (
      findStimulus(response, stimuli.filter(mayBe), group) ??
      findStimulus(response, templates.filter(mayBe), group)
    );
  };
  return responses.flatMap((response) => {
    const own = rowsOf.get(response) ?? [];
    if (own.length === 0) return [whole(response, find(response))];
    return own.map((row) => {
      const paired = seriesOf(row.stimulus);
      const pair = stretchOf(response, row.response!);
      if (paired) return { ...pair, stimulus: { series: paired, start: row.stimulus!.start } };
      // a table that names stimuli, but none in this row, says that nothing was applied
      const nothing = namesStimuli && row.stimulus === null;
      return { ...pair, stimulus: nothing ? null : whole(response, find(response)).stimulus };
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
function findStimulus(response: Series, stimuli: readonly Series[], group: readonly string[]): Series | null {
  const key = nameKey(response.name);
  const numbers = numbersIn(response.name);
  const rules: ((stimulus: Series) => boolean)[] = [
    (stimulus) => group.includes(stimulus.target),
    (stimulus) => response.sweepNumber !== null && stimulus.sweepNumber === response.sweepNumber,
    (stimulus) => nameKey(stimulus.name) === key,
    (stimulus) => response.startS !== null && stimulus.startS === response.startS,
    (stimulus) => numbers !== '' && numbersIn(stimulus.name) === numbers,
    (stimulus) => response.electrode !== null && stimulus.electrode === response.electrode,
  ];
  let candidates = stimuli;
  let spoken = false;
  for (const rule of rules) {
    const matching = candidates.filter(rule);
    // the electrode alone pairs nothing: it only chooses among what another rule found
    if (rule === rules.at(-1) && !spoken) return null;
    if (matching.length === 1) return matching[0]!;
    // several electrodes share a sweep number: the next rule chooses among them
    if (matching.length > 1) {
      candidates = matching;
      spoken = true;
    }
  }
  return null;
}

/** The numbers in a name, in order: «0,1» of data_00000_AD1 as of data_00000_DA1. */
function numbersIn(name: string): string {
  return (name.match(/\d+/g) ?? []).map(Number).join();
}

/** The same for a response and its stimulus: Series ↔ StimulusSeries, ic_ ↔ ics_, ccs_ ↔ ccss_, Sweep_N ↔ Sweep_N. */
function nameKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/stimulus|response/g, '')
    .replace(/^ics_/, 'ic_')
    .replace(/^ccss_/, 'ccs_');
}
