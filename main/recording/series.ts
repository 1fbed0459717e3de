import type { SweepSummary } from '../contract/recording.ts';
import { textOf, type Hdf5File, type LostLink } from './hdf5-file.ts';
import { naturalCompare } from './natural-sort.ts';
import { modeReader, type ModeOf } from './series-mode.ts';
import { giveSignOfLife } from './sign-of-life.ts';
import { timeBase } from './time-base.ts';
import { unitMeaning } from './units.ts';

/** One time series of a patch-clamp recording, as the file describes it; its samples are not read yet. */
export interface Series {
  path: string;
  /** Where it lies itself, should the path be a link to it. */
  target: string;
  name: string;
  mode: SweepSummary['mode'];
  samples: number;
  rateHz: number;
  startS: number | null;
  /** The file's own number for the sweep, if it gives one. */
  sweepNumber: number | null;
  /** The electrode's name, if the file gives one. */
  electrode: string | null;
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
  /** Protocols kept apart from what was presented: asked where nothing that was presented belongs to a response. */
  templates: Series[];
  lost: LostLink[];
  /** Names of other files that links lead to: path of the series → file. */
  otherFiles: Map<string, string>;
}

/** Where NWB 2 and NWB 1 keep what was measured and what was applied. */
const responseFolders = ['acquisition', 'acquisition/timeseries'];
const presentedFolders = ['stimulus/presentation'];
const templateFolders = ['stimulus/templates'];
const electrodes = '/general/intracellular_ephys';

/** All patch-clamp series of a file in natural order of their names. */
export function listSeries(file: Hdf5File): SeriesList {
  const lost: LostLink[] = [];
  const otherFiles = new Map<string, string>();
  const modeOf = modeReader(file);
  const collect = (folders: string[], kind: 'response' | 'stimulus') =>
    folders.flatMap((folder) =>
      file
        .keys(folder)
        .sort(naturalCompare)
        .flatMap((name) => {
          const path = `/${folder}/${name}`;
          const link = file.lostLink(path) ?? file.lostLink(`${path}/data`);
          if (link !== null) {
            lost.push(link);
            return [];
          }
          giveSignOfLife();
          const series = describeSeries(file, path, name, kind, modeOf);
          const other = file.otherFile(path) ?? file.otherFile(`${path}/data`);
          if (series !== null && other !== null) otherFiles.set(path, other);
          return series === null ? [] : [series];
        }),
    );
  return {
    responses: collect(responseFolders, 'response'),
    stimuli: collect(presentedFolders, 'stimulus'),
    templates: collect(templateFolders, 'stimulus'),
    ...{ lost, otherFiles },
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
  modeOf: ModeOf,
): Series | null {
  const mode = modeOf(path, kind);
  if (mode === null) return null;
  const data = file.dataset(`${path}/data`);
  const time = timeBase(file, path);
  const unit = unitOf(file, path, mode, kind);
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
    target: file.linkTarget(path) ?? path,
    name,
    mode,
    samples: shape[0] ?? 0,
    rateHz: time.rateHz,
    startS: time.startS,
    sweepNumber: sweepNumberOf(file, path),
    electrode: electrodeOf(file, path),
    quantity: meaning?.quantity ?? null,
    scale: conversion * (meaning?.toInternal ?? Number.NaN),
    shift: offset * (meaning?.toInternal ?? Number.NaN),
    tenfoldVm: null,
    problem,
  };
}

/**
 * The electrode's name: NWB 2 links to its group, by name or, where the link is hard, by identity; NWB 1 has a dataset with
 * the name.
 */
function electrodeOf(file: Hdf5File, path: string): string | null {
  const link = `${path}/electrode`;
  const linked = file.linkTarget(link);
  if (linked !== null) return linked.slice(linked.lastIndexOf('/') + 1);
  const identity = file.textAttribute(link, 'object_id');
  const known = file
    .keys(electrodes)
    .find(
      (name) => identity !== null && file.textAttribute(`${electrodes}/${name}`, 'object_id') === identity,
    );
  return known ?? textOf(file.dataset(`${path}/electrode_name`)?.value);
}

/** Programs that do not number sweeps leave the largest integer of the type. */
function sweepNumberOf(file: Hdf5File, path: string): number | null {
  const number = file.numberAttribute(path, 'sweep_number');
  return number !== null && number >= 0 && number < 2 ** 31 - 1 ? number : null;
}

/** The unit as stated; where none is, the one that the schema fixes for the series' type. */
function unitOf(
  file: Hdf5File,
  path: string,
  mode: SweepSummary['mode'],
  kind: 'response' | 'stimulus',
): string {
  const stated = file.textAttribute(`${path}/data`, 'unit')?.trim() ?? '';
  if (stated !== '') return stated;
  return (kind === 'response') === (mode !== 'voltage-clamp') ? 'volts' : 'amperes';
}
