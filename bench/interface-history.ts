import { fitConfigSchema, type FitConfig } from '../main/contract/config.ts';

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
