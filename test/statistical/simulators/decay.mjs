/** An exponential decay seen at eight times; amplitude and time constant over three and four decades. */
export const parameters = [
  { name: 'amplitude', unit: 'mV', prior: { logUniform: [0.1, 100] } },
  { name: 'tau', unit: 'ms', prior: { logUniform: [0.1, 1000] } },
];
const times = [0.5, 1, 2, 4, 8, 16, 32, 64];
export const features = times.map((t) => `v${t}`);

export function simulate([amplitude, tau], random) {
  return times.map((t) => amplitude * Math.exp(-t / tau) + 0.5 * normal(random));
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
