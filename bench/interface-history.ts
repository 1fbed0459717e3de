import { writeFileSync } from 'node:fs';
import { fitConfigSchema, type FitConfig } from '../main/contract/config.ts';
import { createServices } from '../main/shell/services.ts';

/** A run of 12 parameters, as quick as it can be while every view of it is as large as a real one's. */
export function benchConfig(recording: string): FitConfig {
  return fitConfigSchema.parse({
    source: { recording, sweep: 4 },
    cell: { liquidJunctionMv: -14 },
    model: 'hh12',
    rounds: 2,
    simulations: 2000,
  });
}

/** Nineteen runs that were cancelled, and a finished one of 12 parameters on the example recording. */
export async function makeHistory(database: string, recording: string): Promise<void> {
  const services = createServices({ transport: 'served', history: database });
  const { history, handlers, fits } = services;
  const config = fitConfigSchema.parse({ source: { recording, sweep: 4 } });
  for (let i = 0; i < 19; i++) {
    const { id } = history.createRun({
      ...{ name: `cell ${i}, sweep 4`, project: 'bench', source: recording, config },
    });
    history.setState(id, 'cancelled');
  }
  const { path } = await handlers['recording.example'](undefined);
  const { id } = fits.start({ config: benchConfig(path), name: 'twelve parameters' });
  await fits.outcome(id);
  await services.close();
}

/** A window that had this recording open when it was closed. */
export function keepOpen(database: string, path: string): void {
  const document = { run: null, path, sweep: null, included: [], place: 'recording', config: null };
  writeFileSync(
    database.replace(/\.sqlite$/, '-session.json'),
    JSON.stringify({ 'chronaxie.document': JSON.stringify(document) }),
  );
}
