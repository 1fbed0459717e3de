/** Resistance and capacitance with log-normal priors, seen as a time constant and a voltage step with relative errors. */
export const parameters = [
  { name: 'resistance', unit: 'MΩ', prior: { logNormal: [Math.log(100), 1] } },
  { name: 'capacitance', unit: 'pF', prior: { logNormal: [Math.log(50), 0.8] } },
];
export const features = ['tauMs', 'stepMv'];

export function simulate([resistance, capacitance], random) {
  const tauMs = (resistance * capacitance) / 1000;
  return [tauMs * Math.exp(0.2 * normal(random)), 0.05 * resistance + 2 * normal(random)];
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
