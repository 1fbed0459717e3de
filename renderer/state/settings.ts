import type { FitConfig } from '../../main/contract/config.ts';
import { parseNumber } from '../../main/figures/number.ts';

/** The numbers of a fit that are edited as text. */
export const settingNames = [
  'rounds',
  'simulations',
  'components',
  'seed',
  'workers',
  'capacitancePf',
  'liquidJunctionMv',
] as const;
export type SettingName = (typeof settingNames)[number];
export type Settings = Record<SettingName, string>;

interface Rule {
  least: number;
  most: number;
  whole: boolean;
  /** What an empty field stands for; null = it must be filled. */
  empty: string | null;
}

export const rules: Record<SettingName, Rule> = {
  rounds: { least: 1, most: 100, whole: true, empty: null },
  simulations: { least: 1, most: 10_000_000, whole: true, empty: null },
  components: { least: 1, most: 64, whole: true, empty: 'by family' },
  seed: { least: 0, most: Number.MAX_SAFE_INTEGER, whole: true, empty: null },
  workers: { least: 1, most: 256, whole: true, empty: 'one per core' },
  capacitancePf: { least: 1e-3, most: 1e6, whole: false, empty: 'measured' },
  liquidJunctionMv: { least: -100, most: 100, whole: false, empty: null },
};

export function settingsOf(config: FitConfig): Settings {
  const text = (value: number | null) => (value === null ? '' : String(value).replace('-', '−'));
  return {
    rounds: text(config.rounds),
    simulations: text(config.simulations),
    components: text(config.network.components),
    seed: text(config.seed),
    workers: text(config.workers),
    capacitancePf: text(config.cell.capacitancePf),
    liquidJunctionMv: text(config.cell.liquidJunctionMv),
  };
}

/** What is wrong with a setting as typed, as a sentence; null = nothing. */
export function settingProblem(name: SettingName, text: string): string | null {
  const rule = rules[name];
  if (text.trim() === '') return rule.empty === null ? 'A number is needed here.' : null;
  const value = parseNumber(text);
  if (value === null) return `«${text}» is not a number.`;
  if (rule.whole && !Number.isInteger(value)) return 'A whole number is needed here.';
  if (value < rule.least) return `At least ${rule.least.toLocaleString('en-US').replace('-', '−')}.`;
  if (value > rule.most) return `At most ${rule.most.toLocaleString('en-US')}.`;
  return null;
}

/** The number of a valid setting; null where it is left empty. */
export function settingValue(settings: Settings, name: SettingName): number | null {
  return parseNumber(settings[name]);
}
