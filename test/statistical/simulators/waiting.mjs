import { setTimeout as pause } from 'node:timers/promises';

/** An asynchronous simulator, as one that asks another program: answers after a pause. */
export const parameters = [
  { name: 'a', prior: { normal: [0, 1] } },
  { name: 'b', prior: { normal: [0, 1] } },
];
export const features = ['x', 'y'];

export async function simulate([a, b], random) {
  if (random() < 0.02) await pause(1);
  return [a + b + 0.5 * normal(random), a - b + 0.5 * normal(random)];
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
