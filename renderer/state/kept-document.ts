import { z } from 'zod';
import { fitConfigSchema } from '../../main/contract/config.ts';
import type { Store } from './preferences.svelte.ts';

const key = 'chronaxie.document';

/** What is needed to open a document again as it was left. */
const keptSchema = z.object({
  run: z.string().nullable(),
  path: z.string().nullable(),
  /** A simulator module with what came with it; it is not run before it is allowed anew. */
  simulator: z
    .object({ module: z.string(), files: z.array(z.string()) })
    .nullable()
    .default(null),
  sweep: z.number().int().nullable(),
  included: z.array(z.number().int()),
  place: z.enum(['recording', 'features', 'model', 'run', 'posterior', 'export']),
  /** null while something on the screen could not be run. */
  config: fitConfigSchema.nullable(),
});
export type KeptDocument = z.infer<typeof keptSchema>;

export function keepDocument(store: Store, document: KeptDocument): void {
  store.setItem(key, JSON.stringify(document));
}

/** null where nothing was kept, or by a version whose documents were others. */
export function documentOf(store: Store): KeptDocument | null {
  try {
    return keptSchema.parse(JSON.parse(store.getItem(key) ?? 'null'));
  } catch {
    return null;
  }
}
