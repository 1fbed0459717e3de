import type { FitConfig } from '../contract/config.ts';
import type { RoundReport, Summary } from '../contract/run.ts';
import type { PreparedRecord, ResultRecord } from '../inference/fit-store.ts';
import { loadModel } from '../model/neuron-model.ts';

/** A paragraph for a paper's methods, and what it cites, in the order in which it does. */
export interface Methods {
  paragraph: string;
  references: string[];
}

export interface MethodsModel {
  title: string;
  citations: readonly string[];
}

export const fileName = (path: string) => path.split(/[\\/]/).at(-1) ?? path;

/** A simulator of one's own has a name only; and a model file may be gone by now: then its name has to do. */
export async function methodsModel(
  { model, source }: Pick<FitConfig, 'model' | 'source'>,
  name: string,
): Promise<MethodsModel> {
  if (source !== null && 'simulator' in source) return { title: fileName(name), citations: [] };
  const loaded = await loadModel(model).catch(() => null);
  return loaded?.file ?? { title: model, citations: [] };
}

const papers = {
  snpe: 'Lueckmann J-M, Gonçalves PJ, Bassetto G, Öcal K, Nonnenmacher M, Macke JH (2017). Flexible statistical inference for mechanistic models of neural dynamics. Advances in Neural Information Processing Systems 30.',
  npe: 'Papamakarios G, Murray I (2016). Fast ε-free inference of simulation models with Bayesian conditional density estimation. Advances in Neural Information Processing Systems 29.',
  tsnpe:
    'Deistler M, Gonçalves PJ, Macke JH (2022). Truncated proposals for scalable and hassle-free simulation-based inference. Advances in Neural Information Processing Systems 35.',
  ibea: 'Zitzler E, Künzli S (2004). Indicator-based selection in multiobjective search. Parallel Problem Solving from Nature VIII, 832–842.',
} as const;

const methodNames = {
  snpe: 'sequential neural posterior estimation (SNPE)',
  npe: 'neural posterior estimation (NPE)',
  tsnpe: 'truncated sequential neural posterior estimation (TSNPE)',
  ibea: 'the indicator-based evolutionary algorithm (IBEA), a search for point estimates',
} as const;

const setNames: Record<FitConfig['features']['set'], string> = {
  moments: 'summary features (spike count, resting potential and moments of the voltage)',
  spikes: 'features of the action potentials',
  subthreshold: 'subthreshold features',
  trace: 'samples of the voltage trace itself',
  all: 'features of spikes, moments and subthreshold responses',
};

/** What was done, with its settings and numbers, in sentences that can stand in a paper. */
export function methods(
  { config, recording, parameters, features }: PreparedRecord,
  { summary }: ResultRecord,
  model: MethodsModel,
): Methods {
  const references: string[] = [];
  const cite = (paper: string) => {
    if (!references.includes(paper)) references.push(paper);
    return `[${references.indexOf(paper) + 1}]`;
  };
  const { algorithm } = config;
  const modelCitations = model.citations.map(cite).join('');
  const observedFeatures = features.filter(({ observed }) => observed !== null).length;
  const sentences = [
    `Parameters of the model “${model.title}”${modelCitations === '' ? '' : ` ${modelCitations}`} were inferred with Chronaxie ${summary.version} by ${methodNames[algorithm]} ${cite(papers[algorithm])}.`,
    ...recordingSentences(config, recording),
    `${sentenceCase(countOf(parameters.length, 'parameter was', 'parameters were'))} free: ${summary.parameters.map(priorWords).join('; ')}.`,
    ...fixedSentence(config),
    describedBy(config, observedFeatures),
    simulationSentence(config, summary),
    ...(algorithm === 'ibea' ? [] : [networkSentence(config, summary)]),
    ...(algorithm === 'ibea' ? [] : [checkSentence(summary)]),
    `The seed was ${config.seed}; the complete configuration reproduces these numbers (run ${summary.id}).`,
  ];
  return { paragraph: sentences.join(' '), references };
}

function describedBy({ source, features }: FitConfig, observed: number): string {
  // What a simulator of one's own computes has no name that we know.
  return source !== null && 'simulator' in source
    ? `The observation was described by ${countOf(observed, 'feature', 'features')}.`
    : `The recording was described by ${observed} ${setNames[features.set]}.`;
}

function recordingSentences(config: FitConfig, recording: PreparedRecord['recording']): string[] {
  if (recording === null) return [];
  const file = fileName(recording.file);
  const { liquidJunctionMv, capacitancePf, voltageFactor, currentFactor, givenStep } = config.cell;
  const junction =
    liquidJunctionMv === 0
      ? 'was not corrected for a liquid junction potential'
      : `was corrected by ${number(liquidJunctionMv)} mV for the liquid junction potential`;
  const capacitance =
    capacitancePf === null
      ? ''
      : `; currents were scaled by a capacitance of ${number(capacitancePf)} pF at 1 µF/cm²`;
  const units = [
    ...(voltageFactor === null ? [] : [`voltages were multiplied by ${number(voltageFactor)}`]),
    ...(currentFactor === null ? [] : [`currents were multiplied by ${number(currentFactor)}`]),
  ].map((words) => `Its ${words}, as the file states a wrong unit.`);
  return [
    `Sweep ${recording.sweeps.join(', ')} of ${file} (SHA-256 ${recording.sha256.slice(0, 12)}…) was fitted; its voltage ${junction}${capacitance}.`,
    ...units,
    ...(givenStep === null
      ? []
      : [
          `Sweeps whose stimulus the file does not hold were given a step from ${number(givenStep.startMs)} to ${number(givenStep.endMs)} ms of ${number(givenStep.amplitudePa)} pA, growing by ${number(givenStep.incrementPa)} pA from one to the next.`,
        ]),
  ];
}

function priorWords({ name, unit, prior }: Summary['parameters'][number]): string {
  return `${name} ${priorText(unit, prior)}`;
}

/** A prior in words, with its unit: «uniform between 0.5 and 80 mS/cm²». */
export function priorText(unit: string, prior: Summary['parameters'][number]['prior']): string {
  const own = unit === '' ? '' : ` ${unit}`;
  if ('uniform' in prior) return `uniform between ${range(prior.uniform)}${own}`;
  if ('logUniform' in prior) return `log-uniform between ${range(prior.logUniform)}${own}`;
  if ('logNormal' in prior) {
    const [mu, sd] = prior.logNormal;
    return `log-normal with median ${number(Math.exp(mu))}${own} and a standard deviation of the logarithm of ${number(sd)}`;
  }
  const [mean, sd] = prior.normal as [number, number];
  return typeof mean === 'number'
    ? `normal with mean ${number(mean)}${own} and standard deviation ${number(sd)}${own}`
    : 'from a joint normal prior';
}

function fixedSentence({ parameters }: FitConfig): string[] {
  const fixed = Object.entries(parameters).flatMap(([name, entry]) =>
    'fixed' in entry ? [`${name} = ${number(entry.fixed)}`] : [],
  );
  return fixed.length === 0 ? [] : [`Held fixed: ${fixed.join(', ')}.`];
}

function simulationSentence(config: FitConfig, { rounds }: Summary): string {
  const total = rounds.reduce((sum, { simulations }) => sum + simulations, 0);
  const bad = rounds.reduce((sum, round) => sum + round.bad, 0);
  const each = rounds.length === 1 ? 'one round' : `${rounds.length} rounds of ${count(config.simulations)}`;
  const dt = config.simulation.dtMs === null ? '' : ` (time step ${number(config.simulation.dtMs)} ms)`;
  const aside = bad === 0 ? 'none diverged' : `${count(bad)} diverged or were refused and were set aside`;
  return `${count(total)} simulations were made${dt}, in ${each}; ${aside}.`;
}

function networkSentence({ network, training }: FitConfig, { rounds }: Summary): string {
  const last = rounds.at(-1) as RoundReport;
  const chosen = last.families[0];
  const density =
    chosen === undefined
      ? 'a mixture density network'
      : {
          mixture: `a mixture density network of ${chosen.components} Gaussians with full covariance`,
          autoregressive: `an autoregressive density of one-dimensional mixtures of ${chosen.components} Gaussians`,
          bounded: `an autoregressive density of one-dimensional mixtures of ${chosen.components} Gaussians cut to the prior’s bounds`,
        }[chosen.family];
  // Where none is configured, it follows the number of simulations, round by round.
  const batches = training.batchSize === null ? '' : `batches of ${count(training.batchSize)}, `;
  const choice = last.families.length > 1 ? ', chosen by its held-out score,' : '';
  return `The posterior was ${density}${choice} on ${network.hidden.join(' and ')} hidden units, trained by Adam (${batches}${last.epochs} epochs in the last round, ${Math.round(100 * training.validationFraction)} % of the simulations held out) on ${count(last.ess)} effective simulations.`;
}

const verdicts: Record<Summary['diagnostics']['verdict'], string> = {
  trust: 'The fit passed its checks',
  'look-closer': 'The checks of the fit asked to look closer',
  'do-not-trust': 'The fit did not pass its checks',
};

function checkSentence({ diagnostics }: Summary): string {
  const percentiles = Object.values(diagnostics.predictivePercentiles).filter((value) => value !== null);
  const inside = percentiles.filter((value) => value >= 0.025 && value <= 0.975).length;
  return `${verdicts[diagnostics.verdict]}: ${inside} of ${percentiles.length} observed features lay within the central 95 % of simulations at posterior draws. Intervals are 5 % to 95 % quantiles of the posterior.`;
}

const range = ([low, high]: readonly [number, number]) => `${number(low)} and ${number(high)}`;
const number = (value: number) => String(Number(value.toPrecision(4))).replace('-', '−');
const count = (value: number) => Math.round(value).toLocaleString('en-US');

function countOf(n: number, one: string, many: string): string {
  const words = [
    'no',
    'one',
    'two',
    'three',
    'four',
    'five',
    'six',
    'seven',
    'eight',
    'nine',
    'ten',
    'eleven',
    'twelve',
  ];
  return `${words[n] ?? String(n)} ${n === 1 ? one : many}`;
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
