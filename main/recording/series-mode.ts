import type { SweepSummary } from '../contract/recording.ts';
import { textOf, type Hdf5File } from './hdf5-file.ts';
import { unitMeaning } from './units.ts';

type Mode = SweepSummary['mode'];

/** Tells a series' clamp mode, null where it is none of patch clamp. */
export type ModeOf = (path: string, kind: 'response' | 'stimulus') => Mode | null;

/** An extension derives its types in some steps at most; more would be a circle. */
const MOST_STEPS = 20;

/**
 * The clamp mode from the series' type: a core type, one of an extension that keeps the core type's name inside its own
 * or says in the specification cached in the file what it derives from; or, in NWB 1, from its ancestry. A series of the abstract type
 * PatchClampSeries, and a plain TimeSeries under an NWB 1 name (Sweep_N), count by their unit.
 */
export function modeReader(file: Hdf5File): ModeOf {
  let parents: Map<string, string> | null = null;
  const lineage = (type: string): string => {
    if (type === '' || coreMode(type) !== null || type === 'TimeSeries') return type;
    parents ??= derivedTypes(file);
    const line = [type];
    for (let step = 0, at = parents.get(type); at !== undefined && step < MOST_STEPS; step++) {
      line.push(at);
      at = parents.get(at);
    }
    return line.join(' ');
  };
  return (path, kind) => {
    if (file.group(path) === null) return null;
    const ancestry = file.attribute(path, 'ancestry');
    const types = [
      lineage(file.textAttribute(path, 'neurodata_type') ?? ''),
      ...(Array.isArray(ancestry) ? ancestry.map(String) : []),
    ].join(' ');
    const mode = coreMode(types);
    if (mode !== null) return mode;
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (!types.includes('PatchClamp') && !/^Sweep_\d+$/i.test(name)) return null;
    const meaning = unitMeaning(file.textAttribute(`${path}/data`, 'unit') ?? '');
    if (meaning === null) return null;
    return (meaning.quantity === 'voltage') === (kind === 'response') ? 'current-clamp' : 'voltage-clamp';
  };
}

function coreMode(types: string): Mode | null {
  if (types.includes('IZeroClamp')) return 'i-zero';
  if (types.includes('VoltageClamp')) return 'voltage-clamp';
  return types.includes('CurrentClamp') ? 'current-clamp' : null;
}

/** Type → what it derives from, of all specifications cached in the file; none where it has none. */
function derivedTypes(file: Hdf5File): Map<string, string> {
  const parents = new Map<string, string>();
  const collect = (spec: unknown): void => {
    if (spec === null || typeof spec !== 'object') return;
    const { neurodata_type_def: type, neurodata_type_inc: parent } = spec as Record<string, unknown>;
    if (typeof type === 'string' && typeof parent === 'string') parents.set(type, parent);
    Object.values(spec).forEach(collect);
  };
  for (const namespace of file.keys('/specifications')) {
    if (namespace === 'core' || namespace.startsWith('hdmf-')) continue;
    for (const version of file.keys(`/specifications/${namespace}`)) {
      const folder = `/specifications/${namespace}/${version}`;
      for (const source of file.keys(folder))
        collect(parsed(textOf(file.dataset(`${folder}/${source}`)?.value)));
    }
  }
  return parents;
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null; // the series then count as not of patch clamp, as without a specification
  }
}
