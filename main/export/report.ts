import type { Calibration } from '../contract/calibration.ts';
import { citation } from '../contract/citation.ts';
import type { Summary } from '../contract/run.ts';
import { count, observed, quantity, significant } from '../figures/number.ts';
import type { Figure } from '../figures/figure.ts';
import { escaped } from '../figures/figure-svg.ts';
import { comparison } from '../inference/comparison.ts';
import { inlineSvg } from './figure-files.ts';
import { type ExportedFile, textFile } from './files.ts';
import { facts, list, paragraph, table } from './html.ts';
import { fileName, methods, methodsModel, priorText } from './methods.ts';
import { provenanceOf } from './provenance.ts';
import type { ReportFigures } from './report-figures.ts';
import { reportStyle } from './report-style.ts';
import type { RunRecord } from './run-record.ts';

/**
 * A run on one page: HTML that needs neither a script nor a network, for the screen and for paper. Rounded numbers keep their
 * whole value in `<data value>`, as in summary.json.
 */
export async function report(
  run: RunRecord,
  figures: ReportFigures,
  calibration: Calibration | null,
): Promise<ExportedFile> {
  const { prepared, result } = run;
  const model = run.replay?.task.model ?? (await methodsModel(prepared.config, prepared.model));
  const data = prepared.recording === null ? 'your observation' : fileName(prepared.recording.file);
  const title = `${model.title}: fit to ${data}`;
  const sections = [
    verdict(result.summary, prepared.config.rounds),
    recordingSection(run),
    modelSection(run, model.title, model.citations),
    estimateSection(run, figures),
    predictionSection(run, figures),
    diagnosticsSection(run, figures, calibration),
    methodsSection(run, model),
    provenanceSection(run),
  ];
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escaped(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<header><h1>${escaped(title)}</h1>${paragraph(`Run ${run.id}, Chronaxie ${result.summary.version}`, 'quiet')}</header>
<main>
${sections.join('\n')}
</main>
</body>
</html>
`;
  const titles = page.matchAll(/<(?:h2|figure><svg[^>]*>\s*<title|caption)>([^<]*)</g);
  const outline = [title, '', ...Array.from(titles, (found) => found[1]!)];
  return { ...textFile(`${run.id}-report.html`, page, 'text/html'), outline: outline.join('\n') };
}

const verdictTitles: Record<Summary['diagnostics']['verdict'], string> = {
  trust: 'Trust',
  'look-closer': 'Look closer',
  'do-not-trust': 'Do not trust',
};

function verdict({ diagnostics, rounds, warnings }: Summary, wanted: number): string {
  const unfinished =
    rounds.length < wanted
      ? paragraph(`The run is not finished: round ${rounds.length} of ${wanted} is the last that is.`)
      : '';
  const noted = warnings.map(({ message, remedy }) => `${message} ${remedy}`.trim());
  return `${unfinished}<section class="verdict ${diagnostics.verdict}"><strong>${verdictTitles[diagnostics.verdict]}</strong>${list(diagnostics.reasons)}</section>${
    noted.length === 0 ? '' : `<h2>Warnings</h2>${list(noted)}`
  }`;
}

function recordingSection({ prepared: { recording, config } }: RunRecord): string {
  if (recording === null) {
    const { source } = config;
    const file = source !== null && 'observation' in source ? fileName(source.observation) : 'not kept';
    return `<h2>Observation</h2>${facts([['File', file]])}`;
  }
  const { cell } = config;
  const factors = [
    ...(cell.voltageFactor === null ? [] : [`voltage × ${significant(cell.voltageFactor, 4)}`]),
    ...(cell.currentFactor === null ? [] : [`current × ${significant(cell.currentFactor, 4)}`]),
  ];
  const step = cell.givenStep;
  return `<h2>Recording</h2>${facts([
    ['File', fileName(recording.file)],
    ['SHA-256', recording.sha256],
    [recording.sweeps.length === 1 ? 'Sweep' : 'Sweeps', recording.sweeps.join(', ')],
    [
      'Membrane capacitance',
      cell.capacitancePf === null ? 'not used' : quantity(significant(cell.capacitancePf, 4), 'pF'),
    ],
    ['Liquid junction potential', quantity(significant(cell.liquidJunctionMv, 4), 'mV')],
    ...(factors.length === 0 ? [] : [['Corrected units', factors.join(', ')] as const]),
    ...(step === null
      ? []
      : [
          [
            'Given step',
            `${significant(step.startMs)} to ${significant(step.endMs)} ms, ${significant(step.amplitudePa)} pA, ${significant(step.incrementPa)} pA more from sweep to sweep`,
          ] as const,
        ]),
  ])}`;
}

function modelSection({ prepared }: RunRecord, title: string, citations: readonly string[]): string {
  const { parameters, jointPrior, config } = prepared;
  const fixed = Object.entries(config.parameters).flatMap(([name, entry]) =>
    'fixed' in entry ? [`${name} = ${significant(entry.fixed, 6)}`] : [],
  );
  const priors = table(
    'Free parameters and their priors',
    [
      { title: 'Parameter', cell: ({ symbol, name }) => ({ symbol: symbol ?? name }) },
      { title: 'Name', cell: ({ name }) => name },
      { title: 'Unit', cell: ({ unit }) => unit },
      { title: 'Prior', cell: ({ unit, prior }) => priorText(unit, jointPrior ?? prior) },
    ],
    parameters,
  );
  return `<h2>Model and prior</h2>${facts([
    ['Model', title],
    ['SHA-256', prepared.modelSha256],
    ...citations.map((text) => ['Source', text] as const),
    ...(fixed.length === 0 ? [] : [['Held fixed', fixed.join(', ')] as const]),
  ])}${priors}`;
}

function estimateSection(
  { prepared, result: { summary, samples } }: RunRecord,
  figures: ReportFigures,
): string {
  const search = summary.search !== null;
  const symbols = new Map(prepared.parameters.map(({ name, symbol }) => [name, symbol ?? name]));
  const n = samples.length / prepared.parameters.length;
  const number = (value: number) => ({ value, shown: significant(value, 4) });
  const rows = table(
    search
      ? `The ${count(n)} best parameter sets: a spread of good fits, not a posterior`
      : `Median and 5 % to 95 % quantiles of ${count(n)} posterior samples, and the most probable set (MAP)`,
    [
      { title: 'Parameter', cell: ({ name }) => ({ symbol: symbols.get(name) ?? name }) },
      { title: 'Unit', cell: ({ unit }) => unit },
      { title: search ? 'Best' : 'MAP', numeric: true, cell: ({ map }) => number(map) },
      { title: 'Median', numeric: true, cell: ({ median }) => number(median) },
      { title: '5 %', numeric: true, cell: ({ q05 }) => number(q05) },
      { title: '95 %', numeric: true, cell: ({ q95 }) => number(q95) },
      ...(search
        ? []
        : [
            {
              title: 'Contraction',
              numeric: true,
              cell: ({ name }: { name: string }) => share(summary.diagnostics.contraction[name]),
            },
          ]),
    ],
    summary.parameters,
  );
  const caption = search
    ? 'The hall of fame: one tick and one dot a parameter set, the best one larger; the prior in grey.'
    : 'Posterior: marginal densities on the diagonal with the prior in grey, joint densities above it with the contours of 50 % and 90 % of the mass, correlations below.';
  return `<h2>${search ? 'Hall of fame' : 'Posterior'}</h2>${rows}${drawn(figures.posterior, caption)}${
    search
      ? ''
      : paragraph(
          'Contraction is 1 − the posterior’s variance divided by the prior’s: near 1 the data determine the parameter, near 0 they say nothing about it.',
          'quiet',
        )
  }`;
}

function share(value: number | undefined): string | { value: number; shown: string } {
  return value === undefined ? '' : { value, shown: significant(value, 2) };
}

function predictionSection({ prepared, result: { summary } }: RunRecord, figures: ReportFigures): string {
  const { predictivePercentiles } = summary.diagnostics;
  const rows = table(
    `Observed features, and the share of simulations at ${where(summary)} that lie below them`,
    [
      { title: 'Feature', cell: ({ name }) => name },
      { title: 'Unit', cell: ({ unit }) => unit },
      {
        title: 'Observed',
        numeric: true,
        cell: (feature) => ({
          value: feature.observed,
          shown: feature.observed === null ? '' : observed(feature.observed),
        }),
      },
      {
        title: 'Percentile',
        numeric: true,
        cell: ({ name }) => {
          const value = predictivePercentiles[name];
          return value === undefined || value === null
            ? 'none'
            : { value, shown: `${significant(100 * value, 3)} %` };
        },
      },
    ],
    comparison(prepared).features,
  );
  const traces =
    figures.traces === null
      ? figures.withoutTraces === null
        ? ''
        : paragraph(`The traces are not drawn: ${figures.withoutTraces}`, 'quiet')
      : drawn(
          figures.traces,
          `${swept(prepared.recording)} (black) over simulations at ${where(summary)} (thin) and at the best set (thick), each with its own noise; beneath, the current density that the model received.`,
        );
  const features =
    figures.features === null
      ? ''
      : drawn(
          figures.features,
          `Observed features (tick) among simulations at prior draws (grey, 5 % to 95 %) and at ${where(summary)} (blue).`,
        );
  return `<h2>Predictive check</h2>${traces}${rows}${features}`;
}

const where = ({ search }: Summary) => (search === null ? 'posterior draws' : 'the hall of fame');

/** Of several sweeps the first is drawn. */
function swept(recording: RunRecord['prepared']['recording']): string {
  const [first, ...others] = recording?.sweeps ?? [];
  return others.length === 0 ? 'The recording' : `Sweep ${first} of the recording`;
}

function diagnosticsSection(
  { result: { summary } }: RunRecord,
  figures: ReportFigures,
  calibration: Calibration | null,
): string {
  const search = summary.search !== null;
  const rounds = table(
    'Rounds',
    [
      { title: 'Round', numeric: true, cell: ({ round }) => String(round) },
      { title: 'Simulations', numeric: true, cell: ({ simulations }) => count(simulations) },
      { title: 'Set aside', numeric: true, cell: ({ bad }) => count(bad) },
      { title: 'Effective', numeric: true, cell: ({ ess }) => ({ value: ess, shown: count(ess) }) },
      {
        title: 'Inside the prior',
        numeric: true,
        cell: ({ acceptance }) => ({ value: acceptance, shown: `${significant(100 * acceptance, 3)} %` }),
      },
      { title: search ? 'Generations' : 'Epochs', numeric: true, cell: ({ epochs }) => count(epochs) },
      {
        title: search ? 'Median sum of objectives' : 'Held-out loss',
        numeric: true,
        cell: ({ validationLoss }) => ({ value: validationLoss, shown: significant(validationLoss, 4) }),
      },
    ],
    summary.rounds,
  );
  const calibrated =
    calibration === null
      ? paragraph('The run was not calibrated by simulations whose truth is known.', 'quiet')
      : figures.calibration
          .map((figure) => drawn(figure, `${figure.title}; grey: the 95 % band of chance.`))
          .join('');
  return `<h2>Diagnostics</h2>${rounds}${drawn(figures.training, search ? 'The search, generation by generation.' : 'Training, epoch by epoch.')}${search ? '' : calibrated}`;
}

function methodsSection({ prepared, result }: RunRecord, model: Parameters<typeof methods>[2]): string {
  const { paragraph: text, references } = methods(prepared, result, model);
  return `<h2>Methods</h2>${paragraph(text)}${list(references, 'ol')}<h2>How to cite</h2>${paragraph(citation(result.summary.version))}`;
}

function provenanceSection(run: RunRecord): string {
  const { configuration, seed, algorithm, device, strict, kernels, simulations, bad } = provenanceOf(run);
  return `<h2>Where the numbers come from</h2>${facts([
    ['Run', run.id],
    ['Program', `Chronaxie ${run.result.summary.version}`],
    ['Algorithm', algorithm],
    ['Seed', String(seed)],
    ['Simulations', `${count(simulations)}, of which ${count(bad)} were set aside`],
    ['Device', strict ? `${device}, strict arithmetic` : device],
    ...(kernels.length === 0 ? [] : [['Kernels', kernels.join(', ')] as const]),
  ])}${paragraph('The complete configuration, which gives the same run again:')}<pre>${escaped(JSON.stringify(configuration, null, 2))}</pre>`;
}

const drawn = (figure: Figure, caption: string) =>
  `<figure>${inlineSvg(figure)}<figcaption>${escaped(caption)}</figcaption></figure>`;
