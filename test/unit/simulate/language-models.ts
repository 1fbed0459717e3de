import type { ModelFile } from '../../../main/contract/model.ts';

const parameter = (name: string, unit: string, reference: number): ModelFile['parameters'][number] => ({
  name,
  unit,
  reference,
  prior: { uniform: [reference - 1, reference + 1] },
});
const base = { title: '', description: '', citations: [], capacitance: '1', definitions: {} };
const leak = { name: 'leak', conductance: 'gl', reversal: '-70', gates: [] };
const gl = parameter('gl', 'mS/cm²', 0.1);

/** Models made of one feature of the language each, or of a few that meet. */
export const languageModels: ModelFile[] = [
  {
    ...base,
    name: 'shared-gates',
    gates: [
      { name: 'm', inf: '1 / (1 + exp(-(V + 40) / 7))', tau: '0.4', speed: '2 ^ ((celsius - 24) / 10)' },
      { name: 's', inf: '1 / (1 + exp(-(V + 30) / 9))' },
    ],
    channels: [
      {
        name: 'fast',
        conductance: 'gFast',
        reversal: '50',
        gates: [
          { name: 'm', power: 2.5 },
          { name: 's', power: 'n' },
        ],
      },
      { name: 'slow', conductance: '0.2 * s', reversal: '-90', gates: [{ name: 'm', power: 1 }] },
      leak,
    ],
    parameters: [
      gl,
      parameter('gFast', 'mS/cm²', 1.5),
      parameter('n', '1', 1.5),
      parameter('celsius', '°C', 34),
    ],
  },
  {
    ...base,
    name: 'calcium-pool',
    definitions: { eCa: '13.27 * log(2 / max(Ca, 1e-6))', ghk: '-2 * V / 26.55' },
    channels: [
      {
        name: 'Ca',
        conductance: 'gCa',
        reversal: 'eCa',
        gates: [
          {
            name: 'q',
            power: 2,
            alpha: '0.055 * (-27 - V) / (exp((-27 - V) / 3.8) - 1)',
            beta: '0.94 * exp((-75 - V) / 17)',
          },
        ],
      },
      {
        name: 'KCa',
        conductance: '2',
        reversal: '-90',
        gates: [{ name: 'w', power: 1, inf: 'Ca / (Ca + 0.001)', tau: '5' }],
      },
      leak,
    ],
    // GHK: P·z·F·u·(ci − co·e^{−u})/(1 − e^{−u}) with u = zV/26.55, through exprelr on either side.
    currents: [{ name: 'GHK', current: '0.05 * (Ca * exprelr(ghk) * 26 - 2 * exprelr(-ghk))' }],
    states: [
      {
        name: 'Ca',
        unit: 'mM',
        initial: '0.0001',
        derivative: '-0.001 * (I_Ca + I_GHK) - (Ca - 0.0001) / tauCa',
      },
    ],
    parameters: [gl, parameter('gCa', 'mS/cm²', 1), parameter('tauCa', 'ms', 20)],
  },
  {
    ...base,
    name: 'fluctuating-conductances',
    channels: [{ name: 'exc', conductance: 'max(ge, 0)', reversal: '0', gates: [] }, leak],
    states: [
      {
        name: 'ge',
        unit: 'mS/cm²',
        initial: 'g0',
        derivative: '(g0 - ge) / tauE',
        noise: 'sigma * sqrt(2 / tauE)',
      },
      { name: 'drift', unit: 'mV', initial: '0', derivative: '-drift / 10 + V / 100', noise: '0.3' },
    ],
    noise: '0.1',
    parameters: [
      gl,
      parameter('g0', 'mS/cm²', 0.02),
      parameter('tauE', 'ms', 2.7),
      parameter('sigma', 'mS/cm²', 0.01),
    ],
  },
  {
    ...base,
    name: 'two-compartments',
    compartments: [
      { name: 'soma', area: 'p' },
      { name: 'dendrite', area: '1 - p' },
    ],
    couplings: [{ between: ['dendrite', 'soma'], conductance: 'gc' }],
    stimulated: 'dendrite',
    recorded: 'soma',
    definitions: { x: 'V + 55', between: 'V_dendrite - V_soma' },
    channels: [
      {
        name: 'K',
        compartment: 'soma',
        conductance: '3',
        reversal: '-90',
        gates: [
          {
            name: 'n',
            power: 4,
            alpha: '0.032 * (15 - x) / (exp((15 - x) / 5) - 1)',
            beta: '0.5 * exp((10 - x) / 40)',
          },
        ],
      },
      {
        name: 'P',
        compartment: 'dendrite',
        conductance: '0.5',
        reversal: '40',
        gates: [{ name: 'p', power: 1, inf: '1 / (1 + exp(-x / 6))' }],
      },
      { ...leak, compartment: 'soma' },
      { ...leak, name: 'leakD', compartment: 'dendrite' },
    ],
    states: [{ name: 'slow', unit: '', initial: '0', derivative: '(between / 10 - slow) / 50' }],
    currents: [{ name: 'slow', compartment: 'soma', current: '0.1 * slow' }],
    parameters: [gl, parameter('gc', 'mS/cm²', 0.7), parameter('p', '1', 0.3)],
  },
  {
    ...base,
    name: 'refractory-integrate-and-fire',
    channels: [leak],
    states: [{ name: 'theta', unit: 'mV', initial: '-50', derivative: '(-50 - theta) / 30' }],
    spike: { threshold: 'theta', peak: '25', reset: { V: '-65', theta: 'theta + 4' }, refractory: 'tRef' },
    parameters: [gl, parameter('tRef', 'ms', 2.01)],
  },
  {
    ...base,
    name: 'spikes-of-coupled-states',
    channels: [leak],
    currents: [{ name: 'up', current: '-0.2 * exp((V + 50) / 2) + w' }],
    states: [
      { name: 'w', unit: 'µA/cm²', initial: '0', derivative: '(z - w) / 20' },
      { name: 'z', unit: 'µA/cm²', initial: '0', derivative: '-z / 5' },
    ],
    spike: { threshold: '0', peak: '20', reset: { V: '-60', z: 'z + 2' }, refractory: '1.5' },
    parameters: [gl],
  },
  {
    ...base,
    name: 'fitzhugh-nagumo',
    channels: [],
    currents: [{ name: 'cubic', current: '-(1 * V - V ^ 3 / 3 - w)' }],
    states: [{ name: 'w', unit: '', initial: '-0.6', derivative: 'phi * (V + 0.7 - 0.8 * w)' }],
    parameters: [parameter('phi', '1/ms', 1.08)],
  },
];
