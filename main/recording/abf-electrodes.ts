import type { SweepSummary } from '../contract/recording.ts';
import type { AbfChannel, AbfHeader, AbfOutput } from './abf-header.ts';
import { unitMeaning } from './units.ts';

/** An input with the current that was passed while it was recorded. */
export interface AbfElectrode {
  channel: AbfChannel;
  mode: SweepSummary['mode'];
  /** The output's command, or the input that measured the current; null where the file has neither. */
  stimulus: { output: AbfOutput } | { measured: AbfChannel } | null;
}

/** Does the voltage that a channel recorded follow the voltage that an output asked for? */
export type FollowsCommand = (channel: AbfChannel, output: AbfOutput) => boolean;

/**
 * Which inputs are membrane potentials (or, in voltage clamp, currents), and what was applied during each. The output that
 * belongs to an input is the one that plays a current; of several the one with the input's number, then the one at its
 * place. A current that was recorded beside the voltage stands in for a command that the file does not give.
 */
export function abfElectrodes({ channels, outputs }: AbfHeader, follows: FollowsCommand): AbfElectrode[] {
  const voltages = membranePotentials(channels);
  const currents = channels.filter((channel) => quantityOf(channel) === 'current');
  const clamped = currents.filter(({ telegraphed }) => telegraphed === 'voltage-clamp');
  const free = currents.filter((channel) => !clamped.includes(channel));
  if (voltages.length === 0) return currents.map((channel, i) => currentAlone(outputs, channel, i));
  const electrodes = voltages.map((channel, i): AbfElectrode => {
    const output = outputOf(outputs, channel, i, voltages.length);
    const measured = free.length === voltages.length ? free[i]! : null;
    const asksVoltage = output !== null && quantityOf(output) === 'voltage';
    if (measured !== null && channel.telegraphed === null && asksVoltage && follows(channel, output))
      return voltageClamp(measured);
    const commanded = output !== null && !asksVoltage && output.enabled && output.problem === null;
    const stimulus = measured !== null && !commanded ? { measured } : output && { output };
    return { channel, mode: channel.telegraphed ?? 'current-clamp', stimulus };
  });
  return [...electrodes, ...clamped.map(voltageClamp)];
}

/** What was commanded is not asked: such sweeps are refused. */
function voltageClamp(channel: AbfChannel): AbfElectrode {
  return { channel, mode: 'voltage-clamp', stimulus: null };
}

/** Inputs that are not a membrane potential or a current (triggers, temperature) are not read. */
export function leftOut(header: AbfHeader, electrodes: readonly AbfElectrode[]): AbfChannel[] {
  const read = electrodes.flatMap(({ channel, stimulus }) =>
    stimulus !== null && 'measured' in stimulus ? [channel, stimulus.measured] : [channel],
  );
  return header.channels.filter((channel) => !read.includes(channel) && quantityOf(channel) !== 'current');
}

function quantityOf({ unit }: { unit: string }): 'voltage' | 'current' | null {
  return unitMeaning(unit)?.quantity ?? null;
}

/** Inputs in mV; an input in plain volts is one whose unit nobody set, unless there is no other. */
function membranePotentials(channels: readonly AbfChannel[]): AbfChannel[] {
  const voltages = channels.filter((channel) => quantityOf(channel) === 'voltage');
  const scaled = voltages.filter(({ unit }) => unitMeaning(unit)?.toInternal !== 1e3);
  return scaled.length > 0 || channels.some((channel) => quantityOf(channel) === 'current')
    ? scaled
    : voltages;
}

/** A current without a voltage: of voltage clamp, unless the amplifier or the output says that a current was commanded. */
function currentAlone(outputs: readonly AbfOutput[], channel: AbfChannel, place: number): AbfElectrode {
  const output = outputOf(outputs, channel, place, 1);
  const commandsCurrent = output !== null && output.enabled && quantityOf(output) === 'current';
  const mode = channel.telegraphed ?? (commandsCurrent ? 'current-clamp' : 'voltage-clamp');
  return mode === 'voltage-clamp' ? voltageClamp(channel) : { channel, mode, stimulus: output && { output } };
}

function outputOf(
  outputs: readonly AbfOutput[],
  { number }: AbfChannel,
  place: number,
  electrodes: number,
): AbfOutput | null {
  const currents = outputs.filter((output) => quantityOf(output) === 'current');
  const playing = currents.filter(({ enabled }) => enabled);
  if (electrodes === 1 && playing.length === 1) return playing[0]!;
  const own = (among: readonly AbfOutput[]) => among.find((output) => output.number === number);
  if (currents.length > 0) return own(playing) ?? own(currents) ?? playing[place] ?? currents[place] ?? null;
  const enabled = outputs.filter((output) => output.enabled);
  return own(enabled) ?? enabled[place] ?? null;
}
