import { z } from 'zod';
import { AppError } from '../contract/errors.ts';
import { jsonLines } from './json-lines.ts';
import { nearestName } from './nearest-name.ts';

export interface JsonFile<Schema extends z.ZodType> {
  schema: Schema;
  path: string;
  /** What the whole document is called in a message: “the configuration”. */
  what: string;
  /** What to do where no single key is to blame. */
  remedy: string;
}

/**
 * A JSON file that a person has written.
 * @throws AppError input-invalid naming the file, the line, the key, and of an unknown key the nearest known one
 */
export function parseJsonFile<Schema extends z.ZodType>(
  text: string,
  { schema, path, what, remedy }: JsonFile<Schema>,
): z.infer<Schema> {
  const plain = text.replace(/^\uFEFF/, '');
  let document: unknown;
  try {
    document = JSON.parse(plain);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('input-invalid', `${path} is not valid JSON: ${reason}.`, {
      remedy,
      cause,
      details: { file: path },
    });
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const lines = jsonLines(plain);
  const faults = parsed.error.issues.flatMap((issue) => describe(issue, [], schema, what));
  const where = (fault: Fault) => {
    const line = lines.get(`/${fault.path.join('/')}`);
    return line === undefined ? path : `${path}, line ${line}`;
  };
  throw new AppError('input-invalid', faults.map((fault) => `${where(fault)}: ${fault.text}`).join('\n'), {
    remedy: faults[0]?.remedy ?? remedy,
    details: { file: path },
  });
}

interface Fault {
  path: string[];
  text: string;
  /** null: the file's own */
  remedy: string | null;
}
type Issue = z.core.$ZodIssue;

function describe(issue: Issue, parent: readonly string[], schema: z.ZodType, what: string): Fault[] {
  const path = [...parent, ...issue.path.map(String)];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, path);
    return issue.keys.map((key) => {
      const nearest = nearestName(key, known);
      return {
        path: [...path, key],
        text: `there is no key “${[...path, key].join('.')}”${nearest === null ? '.' : `; did you mean “${nearest}”?`}`,
        remedy:
          nearest === null ? `Known here: ${known.join(', ')}.` : `Write “${nearest}”, or remove the key.`,
      };
    });
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The alternative that fits best tells what is wrong: the one with the fewest complaints.
    const [best] = [...issue.errors].sort((a, b) => a.length - b.length);
    return best!.flatMap((inner) => describe(inner, path, schema, what));
  }
  return [{ path, text: `${path.join('.') || what}: ${issue.message}.`, remedy: null }];
}

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
}

/** The JSON Schema of what may be written, defaults left out. */
export function writtenSchema(schema: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>;
}

/** The keys that may stand at a path, over all alternatives. */
function knownKeys(schema: z.ZodType, path: readonly string[]): string[] {
  let nodes: SchemaNode[] = [writtenSchema(schema) as SchemaNode];
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
