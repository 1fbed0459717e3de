import { expect, it } from 'vitest';
import { deviceLines } from '../../../main/shell/cli-device-text.ts';

const cpu = { device: 'cpu', description: 'one core of the processor', msPerStep: 12 } as const;
const cuda = { device: 'cuda', description: 'a card', msPerStep: 3 } as const;

it('says which device was taken and by how much, and nothing where there was no choice', () => {
  expect(deviceLines({ device: 'cuda', times: [cpu, cuda], lost: null })).toEqual([
    'training on cuda: a step of one network takes 3 ms, on cpu 12 ms (4 times as long)',
  ]);
  expect(deviceLines({ device: 'cpu', times: [cpu, cuda], lost: null })).toEqual([
    'training on cpu: a step of one network takes 12 ms, on cuda 3 ms (4 times faster, but one network at a time)',
  ]);
  expect(deviceLines({ device: 'cpu', times: [], lost: null })).toEqual([]);
  expect(deviceLines(null)).toEqual([]);
});

it('says that a device was lost', () => {
  const lost = 'Training on cuda stopped: it was unplugged.';
  expect(deviceLines({ device: 'cpu', times: [cpu, cuda], lost })).toEqual([
    `${lost} The processor goes on.`,
  ]);
});
