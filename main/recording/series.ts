import type { SweepSummary } from '../contract/recording.ts';
import type { Hdf5File, OutsideLink } from './hdf5-file.ts';
import { naturalCompare } from './natural-sort.ts';
import { timeBase } from './time-base.ts';
import { unitMeaning } from './units.ts';

/** One time series of a patch-clamp recording, as the file describes it; its samples are not read yet. */
export interface Series {
  path: string;
  name: string;
  mode: SweepSummary['mode'];
  samples: number;
  rateHz: number;
  startS: number | null;
  /** The file's own number for the sweep, if it gives one. */
  sweepNumber: number | null;
  quantity: 'voltage' | 'current' | null;
  /** internal value (mV or pA) = stored·scale + shift */
  scale: number;
  shift: number;
  /** Multiplies the pA of a channel to give mV, should its scale be one for currents and its signal the amplifier's 10·V_m; null where the file does not say. */
  tenfoldVm: number | null;
  /** Why its samples cannot be used; null when they can. */
  problem: string | null;
}

export interface SeriesList {
  responses: Series[];
  stimuli: Series[];
  outside: OutsideLink[];
}

/** Where NWB 2 and NWB 1 keep what was measured and what was applied. */
const responseFolders = ['acquisition', 'acquisition/timeseries'];
const stimulusFolders = ['stimulus/presentation', 'stimulus/templates'];

/** All patch-clamp series of a file in natural order of their names. */
export function listSeries(file: Hdf5File): SeriesList {
  const outside: OutsideLink[] = [];
  const collect = (folders: string[], kind: 'response' | 'stimulus') =>
    folders.flatMap((folder) =>
      file
        .keys(folder)
        .sort(naturalCompare)
        .flatMap((name) => {
          const path = `/${folder}/${name}`;
          const link = file.outsideLink(path) ?? file.outsideLink(`${path}/data`);
          if (link !== null) {
            outside.push(link);
            return [];
          }
          const series = describeSeries(file, path, name, kind);
          return series === null ? [] : [series];
        }),
    );
  return {
    responses: collect(responseFolders, 'response'),
    stimuli: collect(stimulusFolders, 'stimulus'),
    outside,
  };
}

/**
 * SI value = data·conversion + offset (NWB 2 schema, TimeSeries.data); NWB 1 has no offset. The `gain` beside it is
 * what the amplifier was set to and is already contained in `conversion`: it is never multiplied.
 */
function describeSeries(
  file: Hdf5File,
  path: string,
  name: string,
  kind: 'response' | 'stimulus',
): Series | null {
  const mode = modeOf(file, path, kind);
  if (mode === null) return null;
  const data = file.dataset(`${path}/data`);
  const time = timeBase(file, path);
  const unit = file.textAttribute(`${path}/data`, 'unit') ?? '';
  const meaning = unitMeaning(unit);
  const conversion = file.numberAttribute(`${path}/data`, 'conversion') ?? 1;
  const offset = file.numberAttribute(`${path}/data`, 'offset') ?? 0;
  const shape = data?.shape ?? [];
  const problem =
    data === null
      ? 'it holds no data'
      : shape.length !== 1 && !(shape.length === 2 && shape[1] === 1)
        ? `its data have ${shape.length} dimensions instead of one`
        : (time.problem ??
          (meaning === null ? `its unit “${unit}” is neither a voltage nor a current` : null) ??
          (Number.isFinite(conversion) && Number.isFinite(offset)
            ? null
            : 'its conversion factor is not a number'));
  return {
    path,
    name,
    mode,
    samples: shape[0] ?? 0,
    rateHz: time.rateHz,
    startS: time.startS,
    sweepNumber: file.numberAttribute(path, 'sweep_number'),
    quantity: meaning?.quantity ?? null,
    scale: conversion * (meaning?.toInternal ?? Number.NaN),
    shift: offset * (meaning?.toInternal ?? Number.NaN),
    tenfoldVm: null,
    problem,
  };
}

/**
 * The clamp mode from the series' type (extensions derive from the core types and keep their names inside their own) or,
 * in NWB 1, from its ancestry. A plain TimeSeries under an NWB 1 name (Sweep_N) counts by its unit.
 */
function modeOf(file: Hdf5File, path: string, kind: 'response' | 'stimulus'): SweepSummary['mode'] | null {
  if (file.group(path) === null) return null;
  const ancestry = file.attribute(path, 'ancestry');
  const types = [
    file.textAttribute(path, 'neurodata_type') ?? '',
    ...(Array.isArray(ancestry) ? ancestry.map(String) : []),
  ].join(' ');
  if (types.includes('IZeroClamp')) return 'i-zero';
  if (types.includes('VoltageClamp')) return 'voltage-clamp';
  if (types.includes('CurrentClamp')) return 'current-clamp';
  const meaning = unitMeaning(file.textAttribute(`${path}/data`, 'unit') ?? '');
  if (meaning === null || !/^Sweep_\d+$/i.test(path.slice(path.lastIndexOf('/') + 1))) return null;
  const voltage = meaning.quantity === 'voltage';
  return voltage === (kind === 'response') ? 'current-clamp' : 'voltage-clamp';
}
