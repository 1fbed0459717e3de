import type { ExportFormat } from '../../main/contract/run.ts';

/** What each format is for. */
export const formatWords: Record<ExportFormat, { title: string; text: string }> = {
  csv: { title: 'CSV', text: 'Posterior samples, one row each: for a spreadsheet, R, MATLAB or Python.' },
  json: { title: 'JSON', text: 'Summary, intervals, checks, configuration and provenance: for scripts.' },
  nwb: {
    title: 'NWB',
    text: 'Samples, features and provenance as tables: alone, or in a copy of the recording.',
  },
  netcdf: { title: 'netCDF', text: 'Draws, predictions and prior as InferenceData: for ArviZ.' },
  mat: { title: 'MATLAB', text: 'Samples and every simulation as a .mat file: for MATLAB, Octave or SciPy.' },
  neuron: { title: 'NEURON', text: 'A MOD file and a Python script that replays the protocol.' },
  neuroml: { title: 'NeuroML', text: 'The fitted cell and its inputs as NeuroML 2, to be run by LEMS.' },
  sbi: { title: 'NumPy', text: 'Samples and every simulation as .npz: for NumPy and the sbi toolbox.' },
  report: { title: 'Report', text: 'One page with figures, checks and methods: to read and to print.' },
};
