import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ModelFile } from '../contract/model.ts';
import { parseModel } from '../model/parsed-model.ts';
import { csvTable } from './csv.ts';
import { textFile, type ExportedFile } from './files.ts';
import type { FittedCell } from './fitted-cell.ts';
import { mechanismOf } from './nmodl.ts';

const script = fileURLToPath(new URL('../../resources/neuron/run.py', import.meta.url));

/** The mechanism, a Python script that builds the cell and replays the protocol, and what it reads. */
export async function neuronFolder(cell: FittedCell): Promise<ExportedFile[]> {
  const { model, map, fixed, capacitancePf, sweeps, provenance } = cell;
  const mechanism = mechanismOf(parseModel(model), { ...fixed, ...map });
  const about = {
    ...{ model: model.name, mechanism: mechanism.name, map, fixed, capacitancePf },
    identifiers: mechanism.parameters,
    ...{ stimulus: mechanism.stimulus, normals: mechanism.normals, capacitance: mechanism.capacitance },
    ...{ shown: mechanism.shown, variableStep: mechanism.variableStep },
    sweeps: sweeps.map(({ sweep, protocol: { dtMs, steps, initialMv } }) => ({ sweep, dtMs, durationMs: (steps - 1) * dtMs, initialMv })),
    provenance,
  }; // prettier-ignore
  return [
    textFile(`${mechanism.name}.mod`, mechanism.text),
    textFile('run.py', await readFile(script, 'utf8')),
    textFile('cell.json', `${JSON.stringify(about, null, 2)}\n`),
    textFile('protocol.csv', protocolTable(sweeps)),
    textFile('README.md', readme(model, mechanism.name)),
  ];
}

/** The current of every sweep, a row where it changes: it is held from there on. */
export function protocolTable(sweeps: FittedCell['sweeps']): string {
  const rows = sweeps.flatMap(({ sweep, protocol: { currentDensity, dtMs } }) =>
    Array.from(currentDensity, (density, i) => ({ density, i }))
      .filter(({ density, i }) => i === 0 || density !== currentDensity[i - 1])
      .map(({ density, i }) => [sweep, Number((i * dtMs).toPrecision(12)), density]),
  );
  return csvTable(['sweep', 'timeMs', 'uAPerCm2'], rows);
}

const readme = (model: ModelFile, mechanism: string): string => `# ${model.title} in NEURON

A cell that Chronaxie fitted, for NEURON 8.2 or later.

    pip install neuron
    nrnivmodl
    python run.py

- \`${mechanism}.mod\`: the whole membrane as one density mechanism.
- \`run.py\`: builds the cell with the MAP or a posterior draw (\`--draw N\`) and replays the protocol; \`python run.py --help\`.
- \`cell.json\`: the parameters, the cell's capacitance, the sweeps, and where all of it comes from.
- \`posterior-samples.csv\`: the posterior draws, one a row.
- \`protocol.csv\`: the injected current as a density; a row where it changes.

With a fixed time step the voltages are those of Chronaxie at the same time step, to rounding. \`--variable-step\` solves the same
equations with CVode instead; the spikes then differ by the error of the fixed step. Noise is zero unless \`--noise SEED\` is given.
`;
