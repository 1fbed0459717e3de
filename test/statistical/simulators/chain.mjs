/**
 * A → B → C with rates over three decades and a noise whose size is unknown over two: the amount of B at ten times,
 *   B(t) = k₁/(k₂ − k₁) (e^{−k₁t} − e^{−k₂t})
 */
export const parameters = [
  { name: 'k1', unit: '1/s', prior: { logUniform: [0.01, 10] } },
  { name: 'k2', unit: '1/s', prior: { logUniform: [0.01, 10] } },
  { name: 'sigma', prior: { logUniform: [0.001, 0.1] } },
];
const times = [0.1, 0.3, 0.6, 1, 2, 4, 8, 15, 30, 60];
export const features = times.map((t) => `b${t}`);

export function simulate([k1, k2, sigma], random) {
  return times.map((t) => {
    const gap = Math.abs(k2 - k1) < 1e-9 ? 1e-9 : k2 - k1;
    return (k1 / gap) * (Math.exp(-k1 * t) - Math.exp(-k2 * t)) + sigma * normal(random);
  });
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
