import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { File } from 'h5wasm/node';
import { hdf5Bytes, makeGroup } from './hdf5-writer.ts';
import { moduleOutline, writeModule } from './nwb-module.ts';
import { markType } from './nwb-table.ts';
import { provenanceOf } from './provenance.ts';
import type { RunRecord } from './run-record.ts';

/** The version of the schema that the file keeps to. */
const nwbVersion = '2.7.0';

/**
 * A run as an NWB file of its own, without the recording: its processing module in a file that has all else that NWB asks for.
 * The session is that of the analysis. Source: NWB format specification 2.7, nwb.file.yaml.
 */
export function nwb(run: RunRecord, createdAt: Date): Promise<Uint8Array<ArrayBuffer>> {
  return hdf5Bytes((file) => {
    file.create_attribute('nwb_version', nwbVersion);
    markType(file, 'core', 'NWBFile');
    const text = (name: string, data: string) => file.create_dataset({ name, data, dtype: 'S' });
    const when = createdAt.toISOString().replace('Z', '+00:00');
    text('identifier', `${run.id}-${randomUUID()}`);
    text('session_description', sessionDescription(run));
    text('session_start_time', when);
    text('timestamps_reference_time', when);
    file.create_dataset({
      name: 'file_create_date',
      data: [when],
      shape: [1],
      maxshape: [null],
      chunks: [1],
      dtype: 'S',
    });
    for (const path of [
      'acquisition',
      'analysis',
      'processing',
      'general',
      'stimulus/presentation',
      'stimulus/templates',
    ])
      makeGroup(file, path);
    describe(file, run);
    writeModule(makeGroup(file, 'processing'), run, 'hdmf-common');
  });
}

export const nwbOutline = (run: RunRecord) =>
  `${moduleOutline(run)}\n\nThe recording itself is not in this file.`;

function sessionDescription({ prepared }: RunRecord): string {
  const of = prepared.recording
    ? `sweep ${prepared.recording.sweeps.join(', ')} of ${prepared.recording.file} (SHA-256 ${prepared.recording.sha256})`
    : 'an observation without a recording';
  return `Parameters of the model ${prepared.model}, inferred from ${of}. The times of this file are those of its export.`;
}

function describe(file: File, run: RunRecord): void {
  const general = makeGroup(file, 'general');
  const { version, algorithm } = provenanceOf(run);
  const subject = makeGroup(file, 'general/subject');
  markType(subject, 'core', 'Subject');
  const cell = run.prepared.recording === null ? run.id : basename(run.prepared.recording.file);
  const known = 'Nothing is known of the animal here: age and species are left open; see the recording.';
  for (const [name, data] of [
    ['subject_id', cell.replaceAll(/[/:]/g, '_')],
    ['description', known],
    ['sex', 'U'],
    ['age', 'P0D/'], // any
    ['species', 'http://purl.obolibrary.org/obo/NCBITaxon_1'], // the root of the taxonomy
  ] as const)
    subject.create_dataset({ name, data, dtype: 'S' });
  const keywords = ['simulation-based inference', 'posterior', 'intracellular electrophysiology'];
  general.create_dataset({ name: 'keywords', data: keywords, shape: [keywords.length], dtype: 'S' });
  general.create_dataset({
    ...{
      name: 'data_collection',
      data: `Computed by Chronaxie ${version}, algorithm ${algorithm}.`,
      dtype: 'S',
    },
  });
}
