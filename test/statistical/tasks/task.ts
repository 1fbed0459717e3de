import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A simulator with a known posterior. */
export interface StatisticalTask {
  name: string;
  /** Path of the simulator module. */
  simulator: string;
  /** D names, in the order of the columns of `reference`. */
  parameters: readonly string[];
  /** F names and the observed values. */
  features: readonly string[];
  observed: Float64Array;
  /** Samples of the exact posterior, [n, D] row-major. */
  reference: Float64Array;
}

/** What the modules in resources/examples/simulators export. */
export interface SimulatorModule {
  parameters: { name: string; prior?: { uniform: [number, number] } }[];
  prior?: { normal: { mean: number[]; covariance: number[][] } };
  features: string[];
  simulate(theta: Float64Array, random: () => number): ArrayLike<number>;
}

export function simulatorPath(name: string): string {
  return fileURLToPath(new URL(`../../../resources/examples/simulators/${name}`, import.meta.url));
}

export async function importSimulator(path: string): Promise<SimulatorModule> {
  return (await import(path)) as SimulatorModule;
}

/** The observation as the file that `infer --observation` reads. */
export function writeObservation(task: StatisticalTask, path: string): void {
  writeFileSync(path, `${task.features.join(',')}\n${task.observed.join(',')}\n`);
}
