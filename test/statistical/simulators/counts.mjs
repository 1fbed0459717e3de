/** Spike counts in six bins: Poisson with a rate that starts at exp(start) and changes by exp(change) a bin. */
export const parameters = [
  { name: 'start', prior: { uniform: [-2, 4] } },
  { name: 'change', prior: { uniform: [-2, 1] } },
];
export const features = Array.from({ length: 6 }, (_, bin) => `count${bin + 1}`);

export function simulate([start, change], random) {
  return features.map((_, bin) => poisson(Math.exp(start + change * bin), random));
}

/** Arrivals of a unit-rate process before `rate`. */
function poisson(rate, random) {
  let count = 0;
  for (let t = -Math.log(1 - random()); t < rate; t -= Math.log(1 - random())) count++;
  return count;
}
