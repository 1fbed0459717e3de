/** A conductance of nanosiemens and a frequency of megahertz; features from 1e-9 to 1e6, and one that never varies. */
export const parameters = [
  { name: 'conductance', unit: 'S', prior: { uniform: [0, 5e-9] } },
  { name: 'frequency', unit: 'Hz', prior: { normal: [2e6, 5e5] } },
];
export const features = ['current', 'pitch', 'product', 'constant'];

export function simulate([conductance, frequency], random) {
  return [
    conductance + 5e-10 * normal(random),
    frequency + 3e5 * normal(random),
    conductance * frequency + 2e-3 * normal(random),
    7,
  ];
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
