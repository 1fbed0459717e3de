import { AppError } from '../contract/errors.ts';
import type { Simulated } from '../simulate/simulator-pool.ts';

export function countReasons({ bad, badReasons }: Simulated): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const flag of bad) {
    if (flag === 0) continue;
    const reason = badReasons[flag - 1]!;
    counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return counts;
}

/** Missing values by feature, among the good simulations; features that are never missing are not listed. */
export function countMissing(
  { x, bad }: Simulated,
  features: readonly { name: string }[],
): Record<string, number> {
  const counts: Record<string, number> = {};
  features.forEach(({ name }, f) => {
    let n = 0;
    for (let i = 0; i < bad.length; i++)
      if (bad[i] === 0 && Number.isNaN(x[i * features.length + f]!)) n += 1;
    if (n > 0) counts[name] = n;
  });
  return counts;
}

/** @throws AppError inference-failed when no simulation is good */
export function refuseAllBad(simulated: Simulated, round: number): void {
  if (simulated.bad.some((flag) => flag === 0)) return;
  const reasons = Object.entries(countReasons(simulated))
    .map(([reason, n]) => `${n} × ${reason}`)
    .join('; ');
  const where = round === 0 ? 'the pilot run' : `round ${round}`;
  throw new AppError('inference-failed', `Every simulation of ${where} was bad (${reasons}).`, {
    remedy: 'Narrow the prior, or look whether the model, its protocol or the simulator is at fault.',
  });
}
