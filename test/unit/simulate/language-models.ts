import type { ModelFile } from '../../../main/contract/model.ts';

/** Name, unit, reference value. */
type Parameter = [name: string, unit: string, reference: number];
const leak = { name: 'leak', conductance: 'gl', reversal: '-70', gates: [] };

/** A membrane with a leak, and what a model has beside it. */
function membrane(
  name: string,
  parameters: Parameter[],
  parts: Partial<Omit<ModelFile, 'parameters'>>,
): ModelFile {
  return {
    ...{
      name,
      title: '',
      description: '',
      citations: [],
      capacitance: '1',
      definitions: {},
      channels: [leak],
    },
    ...parts,
    parameters: parameters.map(([parameter, unit, reference]) => ({
      name: parameter,
      unit,
      reference,
      prior: { uniform: [reference - 1, reference + 1] },
    })),
  };
}
const gl: Parameter = ['gl', 'mS/cm²', 0.1];

/** Models made of one feature of the language each, or of a few that meet. */
export const languageModels: ModelFile[] = [
  membrane('shared-gates', [gl, ['gFast', 'mS/cm²', 1.5], ['n', '1', 1.5], ['celsius', '°C', 34]], {
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
  }),
  membrane('calcium-pool', [gl, ['gCa', 'mS/cm²', 1], ['tauCa', 'ms', 20]], {
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
  }),
  membrane(
    'fluctuating-conductances',
    [gl, ['g0', 'mS/cm²', 0.02], ['tauE', 'ms', 2.7], ['sigma', 'mS/cm²', 0.01]],
    {
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
    },
  ),
  membrane('two-compartments', [gl, ['gc', 'mS/cm²', 0.7], ['p', '1', 0.3]], {
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
  }),
  membrane('refractory-integrate-and-fire', [gl, ['tRef', 'ms', 2.01]], {
    states: [{ name: 'theta', unit: 'mV', initial: '-50', derivative: '(-50 - theta) / 30' }],
    spike: { threshold: 'theta', peak: '25', reset: { V: '-65', theta: 'theta + 4' }, refractory: 'tRef' },
  }),
  membrane('spikes-of-coupled-states', [gl], {
    currents: [{ name: 'up', current: '-0.2 * exp((V + 50) / 2) + w' }],
    states: [
      { name: 'w', unit: 'µA/cm²', initial: '0', derivative: '(z - w) / 20' },
      { name: 'z', unit: 'µA/cm²', initial: '0', derivative: '-z / 5' },
    ],
    spike: { threshold: '0', peak: '20', reset: { V: '-60', z: 'z + 2' }, refractory: '1.5' },
  }),
  membrane('fitzhugh-nagumo', [['phi', '1/ms', 1.08]], {
    channels: [],
    currents: [{ name: 'cubic', current: '-(1 * V - V ^ 3 / 3 - w)' }],
    states: [{ name: 'w', unit: '', initial: '-0.6', derivative: 'phi * (V + 0.7 - 0.8 * w)' }],
  }),
];
