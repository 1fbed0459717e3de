import { definitionTables, writePlace } from './feature-tables.ts';

/** Writes the definitions of the features into docs/features.md. */
for (const [name, table] of Object.entries(definitionTables)) writePlace(name, table);
