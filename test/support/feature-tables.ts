import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allFeatures } from '../../main/features/all-features.ts';
import { exactDefinition } from '../../main/features/definitions.ts';
import { familyDefinitions } from '../../main/features/family-features.ts';
import type { FeatureDefinition } from '../../main/features/feature.ts';
import { momentDefinitions } from '../../main/features/moments.ts';
import { spikeFeatures } from '../../main/features/spike-features.ts';
import { subthresholdFeatures } from '../../main/features/subthreshold-features.ts';

/** docs/features.md, whose tables are made from the code: between «<!-- NAME -->» and «<!-- /NAME -->». */
export const featuresPage = join(import.meta.dirname, '../../docs/features.md');

const setsOf = (name: string): string =>
  [subthresholdFeatures, spikeFeatures, { name: 'moments', definitions: momentDefinitions }]
    .filter(({ definitions }) => definitions.some((one) => one.name === name))
    .map((set) => `\`${set.name}\``)
    .join(', ');

function table(definitions: readonly FeatureDefinition[], sets: boolean): string {
  const heads = ['feature', 'unit', ...(sets ? ['sets'] : []), 'definition', 'missing with'];
  const rows = definitions.map(({ name, unit, recorded }) => {
    const { rule, missing } = exactDefinition(name);
    const units = recorded ? `${recorded.unit} (simulated: ${unit})` : unit || '1';
    return [`\`${name}\``, units, ...(sets ? [setsOf(name)] : []), rule, missing ?? 'never'];
  });
  return markdownTable([heads, ...rows]);
}

/** Rows of cells, the first of them the heads. */
export function markdownTable([heads, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads!), line(heads!.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The tables of definitions, by the name of their place in the page. */
export const definitionTables: Readonly<Record<string, string>> = {
  'sweep-features': table(allFeatures.definitions, true),
  'family-features': table(familyDefinitions, false),
};

/** What stands in the page at a place. @throws where the page has no such place */
export function placeIn(page: string, name: string): string {
  const found = new RegExp(`<!-- ${name} -->\n\n([^]*?)\n\n<!-- /${name} -->`).exec(page)?.[1];
  if (found === undefined) throw new Error(`docs/features.md has no place ${name}.`);
  return found;
}

/** Writes text into a place of the page. */
export function writePlace(name: string, text: string): void {
  const page = readFileSync(featuresPage, 'utf8');
  const before = placeIn(page, name);
  const marks = (inner: string) => `<!-- ${name} -->\n\n${inner}\n\n<!-- /${name} -->`;
  writeFileSync(
    featuresPage,
    page.replace(marks(before), () => marks(text)),
  );
}
