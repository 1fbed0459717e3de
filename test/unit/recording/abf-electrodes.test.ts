import { describe, expect, it } from 'vitest';
import { abfElectrodes, leftOut, type FollowsCommand } from '../../../main/recording/abf-electrodes.ts';
import type { AbfChannel, AbfHeader, AbfOutput } from '../../../main/recording/abf-header.ts';

const input = (number: number, unit: string, telegraphed: AbfChannel['telegraphed'] = null): AbfChannel => ({
  number,
  name: `IN ${number}`,
  unit,
  scale: 1,
  offset: 0,
  voltsPerUnit: 0.01,
  telegraphed,
});

const output = (
  number: number,
  unit: string,
  enabled: boolean,
  problem: string | null = null,
): AbfOutput => ({
  number,
  name: `Cmd ${number}`,
  unit,
  holding: 0,
  enabled,
  epochs: [],
  keepsLastLevel: false,
  problem,
});

const header = (channels: AbfChannel[], outputs: AbfOutput[]): AbfHeader => ({
  format: 'ABF 2.6',
  protocol: '',
  mode: 'episodes',
  sweeps: [],
  rateHz: 10_000,
  channels,
  outputs,
  data: { offset: 512, kind: 'int16' },
  tags: [],
});

const never: FollowsCommand = () => false;

/** «input/mode/stimulus», such as «0/current-clamp/Cmd 0» or «1/current-clamp/IN 2». */
function found(channels: AbfChannel[], outputs: AbfOutput[], follows = never): string[] {
  return abfElectrodes(header(channels, outputs), follows).map(({ channel, mode, stimulus }) => {
    const applied = stimulus && ('measured' in stimulus ? stimulus.measured : stimulus.output);
    return `${channel.number}/${mode}/${applied?.name ?? 'nothing'}`;
  });
}

describe('abfElectrodes', () => {
  it('gives a voltage the output that plays a current, whatever its number', () => {
    const outputs = [output(0, 'mV', true), output(1, 'pA', true), output(2, 'pA', false)];
    expect(found([input(0, 'mV')], outputs)).toEqual(['0/current-clamp/Cmd 1']);
  });

  it('pairs two electrodes with the outputs of their numbers', () => {
    const outputs = [output(0, 'pA', true), output(1, 'pA', false)];
    expect(found([input(0, 'mV'), input(1, 'mV')], outputs)).toEqual([
      '0/current-clamp/Cmd 0',
      '1/current-clamp/Cmd 1',
    ]);
  });

  it('takes the recorded current where the file does not give the command', () => {
    const both = [input(0, 'mV'), input(1, 'pA')];
    expect(found(both, [output(0, 'pA', true)])).toEqual(['0/current-clamp/Cmd 0']);
    expect(found(both, [output(0, 'pA', true, 'it came from a file')])).toEqual(['0/current-clamp/IN 1']);
    expect(found(both, [output(0, 'mV', true)])).toEqual(['0/current-clamp/IN 1']);
    expect(found([input(0, 'mV')], [])).toEqual(['0/current-clamp/nothing']);
  });

  it('knows voltage clamp by a current alone, by the amplifier, and by a voltage that follows its command', () => {
    expect(found([input(0, 'pA')], [output(0, 'mV', true)])).toEqual(['0/voltage-clamp/nothing']);
    expect(found([input(0, 'pA', 'voltage-clamp')], [output(0, 'pA', true)])).toEqual([
      '0/voltage-clamp/nothing',
    ]);
    const both = [input(0, 'pA'), input(1, 'mV')];
    expect(found(both, [output(0, 'mV', true)], () => true)).toEqual(['0/voltage-clamp/nothing']);
  });

  it('takes a current alone for a mislabelled voltage where a current was commanded', () => {
    expect(found([input(0, 'pA', 'current-clamp')], [output(0, 'pA', true)])).toEqual([
      '0/current-clamp/Cmd 0',
    ]);
    expect(found([input(0, 'pA')], [output(0, 'pA', true)])).toEqual(['0/current-clamp/Cmd 0']);
  });

  it('does not give the current of a clamped cell to its neighbour', () => {
    const pair = [input(0, 'mV', 'current-clamp'), input(1, 'pA', 'voltage-clamp')];
    expect(found(pair, [output(0, 'pA', false), output(1, 'mV', true)])).toEqual([
      '0/current-clamp/Cmd 0',
      '1/voltage-clamp/nothing',
    ]);
  });

  it('leaves triggers and other signals out and names them', () => {
    const channels = [input(0, 'mV'), input(1, 'V'), input(2, 'deg C'), input(3, 'pA')];
    const whole = header(channels, [output(0, 'pA', true)]);
    const electrodes = abfElectrodes(whole, never);
    expect(electrodes).toHaveLength(1);
    expect(leftOut(whole, electrodes).map(({ number }) => number)).toEqual([1, 2]);
    expect(found([input(0, 'V')], [output(0, 'pA', true)])).toEqual(['0/current-clamp/Cmd 0']);
  });
});
