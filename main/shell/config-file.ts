import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { fitConfigSchema, type FitConfig } from '../contract/config.ts';
import { AppError } from '../contract/errors.ts';
import { jsonLines } from './json-lines.ts';
import { nearestName } from './nearest-name.ts';

/**
 * Reads a configuration: every key that it leaves out has its default.
 * @throws AppError file-not-found, or input-invalid naming the file, the line, the key and the nearest known key
 */
export async function readConfigFile(path: string): Promise<FitConfig> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new AppError('file-not-found', `The configuration ${path} cannot be read.`, {
      remedy: 'Check the path; “chronaxie fit --print-config” writes a complete one to start from.',
      cause,
      details: { file: path },
    });
  }
  return parseConfig(text.replace(/^\uFEFF/, ''), path);
}

export function parseConfig(text: string, path: string): FitConfig {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('input-invalid', `${path} is not valid JSON: ${reason}.`, {
      remedy: 'Correct it at the place named; “chronaxie fit --print-config” writes a valid one.',
      cause,
      details: { file: path },
    });
  }
  const parsed = fitConfigSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const lines = jsonLines(text);
  const faults = parsed.error.issues.flatMap((issue) => describe(issue, []));
  const [first] = faults;
  const where = (fault: Fault) => {
    const line = lines.get(`/${fault.path.join('/')}`);
    return line === undefined ? path : `${path}, line ${line}`;
  };
  throw new AppError('input-invalid', faults.map((fault) => `${where(fault)}: ${fault.text}`).join('\n'), {
    remedy: first?.remedy ?? 'Compare it with “chronaxie fit --print-config”.',
    details: { file: path },
  });
}

interface Fault {
  path: string[];
  text: string;
  remedy: string;
}
type Issue = z.core.$ZodIssue;

function describe(issue: Issue, parent: readonly string[]): Fault[] {
  const path = [...parent, ...issue.path.map(String)];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return issue.keys.map((key) => {
      const nearest = nearestName(key, known);
      return {
        path: [...path, key],
        text: `there is no key “${[...path, key].join('.')}”${nearest === null ? '' : `; did you mean “${nearest}”`}${nearest === null ? '.' : '?'}`,
        remedy:
          nearest === null ? `Known here: ${known.join(', ')}.` : `Write “${nearest}”, or remove the key.`,
      };
    });
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The alternative that fits best tells what is wrong: the one with the fewest complaints.
    const [best] = [...issue.errors].sort((a, b) => a.length - b.length);
    return best!.flatMap((inner) => describe(inner, path));
  }
  return [
    {
      path,
      text: `${path.join('.') || 'the configuration'}: ${issue.message}.`,
      remedy: '“chronaxie fit --print-schema” says what each key takes.',
    },
  ];
}

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
}

/** The JSON Schema that `--print-schema` writes. */
export function configJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(fitConfigSchema, { io: 'input' }) as Record<string, unknown>;
}

/** The keys that may stand at a path, over all alternatives. */
function knownKeys(path: readonly string[]): string[] {
  let nodes: SchemaNode[] = [configJsonSchema() as SchemaNode];
  const expand = (node: SchemaNode): SchemaNode[] => [node, ...(node.anyOf ?? []).flatMap(expand)];
  const alternatives = () => nodes.flatMap(expand);
  for (const key of path) {
    nodes = alternatives().flatMap((node) => {
      const next = node.properties?.[key] ?? node.items ?? node.additionalProperties;
      return typeof next === 'object' ? [next] : [];
    });
  }
  return [...new Set(alternatives().flatMap((node) => Object.keys(node.properties ?? {})))];
}
