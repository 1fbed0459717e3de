import { untrack } from 'svelte';
import type { Transport } from '../../main/contract/api.ts';
import type { Algorithm, FeatureSetName, FitConfig } from '../../main/contract/config.ts';
import { AppError } from '../../main/contract/errors.ts';
import { isModelFile, type ModelSummary } from '../../main/contract/model.ts';
import { asStated, type Reading } from '../../main/contract/recording.ts';
import { overrideOf, type ParameterRow, type PriorKind, rowOf } from './parameter-row.ts';
import {
  type SettingName,
  settingNames,
  settingProblem,
  type Settings,
  settingsOf,
  settingValue,
} from './settings.ts';

import { symbolText } from '../../main/figures/symbol.ts';
import { isSameSetup } from './setups.ts';
import type { Undoable } from './undo.svelte.ts';

export type Stimulus = FitConfig['cell']['stimulus'];

/** The fit as it is being set up: model, priors, features and settings. It becomes a FitConfig when it is run. */
export class FitState {
  readonly #transport: Transport;
  readonly #onDestroyed: (step: Undoable) => void;
  #defaults: FitConfig | null = null;
  #base = $state.raw<FitConfig | null>(null);
  #models = $state.raw<ModelSummary[]>([]);
  #error = $state.raw<AppError | null>(null);
  #modelError = $state.raw<AppError | null>(null);
  #model = $state('');
  #rows = $state<ParameterRow[]>([]);
  #settings = $state<Settings>({
    rounds: '',
    simulations: '',
    components: '',
    seed: '',
    workers: '',
    capacitancePf: '',
    liquidJunctionMv: '',
  });
  #algorithm = $state<Algorithm>('snpe');
  #stimulus = $state<Stimulus>('auto');
  #reading = $state.raw<Reading>(asStated);
  /** The configuration as it was adopted, or last run. */
  #adopted = $state.raw<FitConfig | null>(null);
  #featureSet = $state<FeatureSetName>('moments');
  #excluded = $state<string[]>([]);

  /** @param onDestroyed told whenever something that was set is taken away, with the way back */
  constructor(transport: Transport, onDestroyed: (step: Undoable) => void = () => undefined) {
    this.#transport = transport;
    this.#onDestroyed = onDestroyed;
  }

  get ready(): boolean {
    return this.#base !== null && this.model !== null;
  }
  get error(): AppError | null {
    return this.#error;
  }
  /** Why a model file could not be read. */
  get modelError(): AppError | null {
    return this.#modelError;
  }
  dismissModelError(): void {
    this.#modelError = null;
  }
  get models(): readonly ModelSummary[] {
    return this.#models;
  }
  get model(): ModelSummary | null {
    return this.#models.find((model) => model.name === this.#model) ?? null;
  }
  get modelName(): string {
    return this.#model;
  }
  get rows(): readonly ParameterRow[] {
    return this.#rows;
  }
  get settings(): Readonly<Settings> {
    return this.#settings;
  }
  get algorithm(): Algorithm {
    return this.#algorithm;
  }
  /** How a recorded current is injected into the model. */
  get stimulus(): Stimulus {
    return this.#stimulus;
  }
  /** What the recording's values are multiplied by. */
  get reading(): Reading {
    return this.#reading;
  }
  get featureSet(): FeatureSetName {
    return this.#featureSet;
  }
  get excluded(): readonly string[] {
    return this.#excluded;
  }
  get freeCount(): number {
    return this.#rows.filter((row) => !row.fixed).length;
  }
  get liquidJunctionMv(): number {
    return settingValue(this.#settings, 'liquidJunctionMv') ?? 0;
  }
  /** How many places hold something that cannot be run. */
  get problemCount(): number {
    const rows = this.#rows.filter((row) => typeof overrideOf(row) === 'string').length;
    const settings = settingNames.filter((name) => this.settingProblem(name) !== null).length;
    return rows + settings + (this.freeCount === 0 ? 1 : 0);
  }

  async load(): Promise<void> {
    try {
      const [models, defaults] = await Promise.all([
        this.#transport.invoke('model.list', undefined),
        this.#transport.invoke('fit.defaults', undefined),
      ]);
      this.#models = models;
      this.#defaults = defaults;
      this.reset();
    } catch (thrown) {
      this.#error = AppError.from(thrown);
    }
  }

  /** Reads a model file of the person's own and chooses it; null = it is a model. */
  async addModel(path: string): Promise<AppError | null> {
    this.#modelError = null;
    try {
      const model = await this.#transport.invoke('model.load', { path });
      // Fits name a model of one's own by its file.
      const own = { ...model, name: path };
      this.#models = [...this.#models.filter(({ name }) => name !== path), own];
      this.#modelError = null;
    } catch (thrown) {
      this.#modelError = AppError.from(thrown);
    }
    return this.#modelError;
  }
  /** Of a configuration that is about to be adopted: its model may be a file that was not read yet. */
  async ensureModel(name: string): Promise<void> {
    if (isModelFile(name) && !this.#models.some((model) => model.name === name)) await this.addModel(name);
  }

  /** Back to the defaults, for a new recording. */
  reset(): void {
    if (this.#defaults !== null) this.adopt(this.#defaults);
  }

  /** Takes over a configuration: of the defaults, or of a run from the history. */
  adopt(config: FitConfig): void {
    this.#base = config;
    this.#settings = settingsOf(config);
    this.#algorithm = config.algorithm;
    this.#stimulus = config.cell.stimulus;
    const { voltageFactor, currentFactor, givenStep, mapping } = config.cell;
    this.#reading = { voltageFactor, currentFactor, givenStep, mapping };
    this.#featureSet = config.features.set;
    this.#excluded = [...config.features.exclude];
    this.#model = config.model;
    this.#rows = (this.model?.parameters ?? []).map((spec) => rowOf(spec, config.parameters[spec.name]));
    this.settle();
  }
  /** What is set now is no edit any more: it was adopted, or a run was made of it. */
  settle(): void {
    this.#adopted = untrack(() => this.toConfig(null));
  }
  /** Something was set that the adopted configuration does not say. */
  get isEdited(): boolean {
    return !isSameSetup(this.toConfig(null), this.#adopted);
  }

  chooseModel(name: string): void {
    if (name === this.#model) return;
    const edited = this.#rows.some((_, index) => this.isChanged(index));
    if (edited) this.#destroys('The priors were set back to another model’s defaults.');
    this.#model = name;
    this.#rows = (this.model?.parameters ?? []).map((spec) => rowOf(spec));
  }
  chooseAlgorithm(algorithm: Algorithm): void {
    this.#algorithm = algorithm;
  }
  chooseStimulus(stimulus: Stimulus): void {
    this.#stimulus = stimulus;
  }
  setReading(reading: Reading): void {
    this.#reading = reading;
  }
  chooseFeatureSet(set: FeatureSetName): void {
    if (set === this.#featureSet) return;
    if (this.#excluded.length > 0) this.#destroys('The choice of features was set back.');
    this.#featureSet = set;
    this.#excluded = [];
  }
  includeFeature(name: string, include: boolean): void {
    const others = this.#excluded.filter((excluded) => excluded !== name);
    this.#excluded = include ? others : [...others, name];
  }
  set(name: SettingName, text: string): void {
    this.#settings[name] = text;
  }
  settingProblem(name: SettingName): string | null {
    return settingProblem(name, this.#settings[name]);
  }

  editPrior(index: number, part: { kind?: PriorKind; first?: string; second?: string }): void {
    this.#edit(index, part);
  }
  fix(index: number, fixed: boolean): void {
    this.#edit(index, { fixed });
  }
  editValue(index: number, value: string): void {
    this.#edit(index, { value });
  }
  /** A parameter as the model has it. */
  restore(index: number): void {
    const row = this.#rows[index];
    if (row === undefined) return;
    this.#destroys(`The prior of ${symbolText(row.spec.symbol ?? row.spec.name)} was restored.`);
    this.#rows[index] = rowOf(row.spec);
  }
  isChanged(index: number): boolean {
    const row = this.#rows[index];
    return row !== undefined && overrideOf(row) !== null;
  }
  rowProblem(index: number): string | null {
    const row = this.#rows[index];
    const override = row === undefined ? null : overrideOf(row);
    return typeof override === 'string' ? override : null;
  }

  /** The configuration to run; null while something on the screen cannot be run. */
  toConfig(source: FitConfig['source']): FitConfig | null {
    if (this.#base === null || this.problemCount > 0) return null;
    const parameters: FitConfig['parameters'] = {};
    for (const row of this.#rows) {
      const override = overrideOf(row);
      if (override !== null && typeof override !== 'string') parameters[row.spec.name] = override;
    }
    const base = $state.snapshot(this.#base) as FitConfig;
    const number = (name: SettingName) => settingValue(this.#settings, name);
    return {
      ...base,
      source,
      model: this.#model,
      parameters,
      cell: {
        ...base.cell,
        ...this.#reading,
        stimulus: this.#stimulus,
        capacitancePf: number('capacitancePf'),
        liquidJunctionMv: number('liquidJunctionMv') ?? base.cell.liquidJunctionMv,
      },
      features: { ...base.features, set: this.#featureSet, exclude: [...this.#excluded] },
      algorithm: this.#algorithm,
      rounds: number('rounds') ?? base.rounds,
      roundsAddedAfter: [],
      simulations: number('simulations') ?? base.simulations,
      network: {
        ...base.network,
        components: number('components'),
        embedding: this.#featureSet === 'trace' ? base.network.embedding : null,
      },
      seed: number('seed') ?? base.seed,
      workers: number('workers'),
    };
  }

  /** Keeps model, priors and features as they are, to be brought back. */
  #destroys(words: string): void {
    const model = this.#model;
    const rows = $state.snapshot(this.#rows) as ParameterRow[];
    const set = this.#featureSet;
    const excluded = [...this.#excluded];
    this.#onDestroyed({
      words,
      undo: () => {
        this.#model = model;
        this.#rows = rows;
        this.#featureSet = set;
        this.#excluded = excluded;
      },
    });
  }

  #edit(index: number, part: Partial<ParameterRow>): void {
    const row = this.#rows[index];
    if (row !== undefined) this.#rows[index] = { ...row, ...part };
  }
}
