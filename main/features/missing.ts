/** Features that need at least so many spikes in the step. */
const needSpikes: Record<string, number> = {
  latency: 1,
  threshold: 1,
  peak: 1,
  amplitude: 1,
  halfWidth: 1,
  maxUpstroke: 1,
  maxDownstroke: 1,
  upDownRatio: 1,
  ahpDepth: 1,
  fastAhp: 1,
  ahpTime: 1,
  firstIsi: 2,
  meanIsi: 2,
  isiCv: 2,
  interSpikeVoltage: 2,
  adaptation: 3,
  isiRatio: 3,
};

const others: Record<string, string> = {
  restMean: 'There is no sample before the step.',
  restStd: 'There is no sample before the step.',
  sag: 'A sag is measured in hyperpolarising steps alone.',
  inputResistance: 'The step has no current.',
  timeConstant: 'No exponential fits the voltage after the step’s onset: it spikes there, or hardly changes.',
};
const words = ['no spike', 'one spike', 'two spikes', 'three spikes'];

/** Why a feature is not defined for a step with so many spikes, in a sentence. */
export function missingBecause(name: string, spikes: number): string {
  const least = needSpikes[name];
  if (least !== undefined && spikes < least) {
    return `It is not defined without ${words[least]}; the step has ${words[spikes]}.`;
  }
  return others[name] ?? 'It is not defined for this sweep.';
}
