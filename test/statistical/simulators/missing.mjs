/** The latency exists only where there is a spike, and spikes are likely only where the drive is strong. */
export const parameters = [
  { name: 'drive', prior: { uniform: [-3, 3] } },
  { name: 'delay', prior: { uniform: [0, 10] } },
];
export const features = ['rest', 'latency'];

export function simulate([drive, delay], random) {
  const rest = drive + normal(random);
  const spikes = random() < 1 / (1 + Math.exp(-2 * drive));
  return [rest, spikes ? delay + 5 * Math.exp(-drive) + normal(random) : NaN];
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
