import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { AppError } from '../contract/errors.ts';
import { protocolFileSchema, type ModelFile, type ProtocolFile } from '../contract/model.ts';
import { inspectRecording, suggestSweep } from '../features/inspection.ts';
import { specificCapacitance } from '../model/specific-capacitance.ts';
import { estimateMembrane } from '../recording/membrane.ts';
import { protocolFromFile, protocolFromSweep, type Protocol } from '../simulate/protocol.ts';
import { parseJsonFile } from './checked-json.ts';
import { withColumns } from './cli-columns.ts';
import type { CommonOptions } from './cli-command.ts';
import type { MapOption } from './cli-map-option.ts';
import { tell } from './cli-output.ts';

/** The stimulus of `simulate --protocol`: PROTOCOL.json, or RECORDING[:SWEEP] with its current as a density. */
export async function readProtocol(
  text: string,
  model: ModelFile,
  options: CommonOptions & MapOption = {},
): Promise<Protocol> {
  if (/\.json$/i.test(text)) return protocolFromFile(await readProtocolFile(text));
  const numbered = existsSync(text) ? null : /^(.+):(\d+)$/.exec(text);
  const path = numbered?.[1] ?? text;
  const { recording, inspection } = await withColumns(path, options, (reading) =>
    inspectRecording(path, { reading }),
  );
  try {
    const number = numbered ? Number(numbered[2]) : suggestSweep(inspection);
    const sweep = inspection.sweeps.find((candidate) => candidate.sweep === number);
    if (!sweep?.usable) {
      const why = sweep?.reason ?? (number === null ? 'no sweep is usable.' : `there is no sweep ${number}.`);
      throw new AppError('input-invalid', `${path} cannot give the stimulus: ${why}`, {
        remedy: '“chronaxie inspect” lists the sweeps; write RECORDING:SWEEP.',
      });
    }
    const membrane = await estimateMembrane(recording);
    if (membrane === null) {
      throw new AppError('input-invalid', `The membrane capacitance cannot be measured on ${path}.`, {
        remedy: 'Write the stimulus as PROTOCOL.json, in µA/cm².',
      });
    }
    tell(
      `Sweep ${sweep.sweep}, membrane capacitance ${membrane.capacitancePf.toFixed(1)} pF (${membrane.method}).`,
    );
    const data = await recording.readSweep(sweep.sweep);
    const { capacitancePf } = membrane;
    return protocolFromSweep({
      sweep,
      data,
      capacitancePf,
      specificCapacitance: specificCapacitance(model),
      liquidJunctionMv: 0,
      stimulus: 'auto',
      dtMs: null,
    });
  } finally {
    await recording.close();
  }
}

async function readProtocolFile(path: string): Promise<ProtocolFile> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new AppError('file-not-found', `The protocol ${path} cannot be read.`, {
      remedy: 'Check the path and that you may read the file.',
      cause,
      details: { file: path },
    });
  }
  const file = parseJsonFile(text, {
    schema: protocolFileSchema,
    path,
    what: 'the protocol',
    remedy:
      'A protocol is {"dtMs":…,"durationMs":…,"initialMv":…,"stimulus":[{"startMs":…,"endMs":…,"uAPerCm2":…}]}.',
  });
  const late = file.stimulus.filter((step) => step.endMs > file.durationMs).length;
  if (late > 0) {
    tell(`Note: ${path}: ${late} of ${file.stimulus.length} steps go on after durationMs and are cut there.`);
  }
  return file;
}
