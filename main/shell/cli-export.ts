import { statSync } from 'node:fs';
import { appVersion } from './app-root.ts';
import { join } from 'node:path';
import { Option } from 'commander';
import { AppError } from '../contract/errors.ts';
import { exportFormatSchema, type ExportFormat } from '../contract/run.ts';
import { exportFiles, folderArchive, isFolderFormat, writeRecordingWithRun } from '../export/export-files.ts';
import type { ExportedFile } from '../export/files.ts';
import { command, whole, withServices, type CommonOptions } from './cli-command.ts';
import { tell } from './cli-output.ts';
import { writeOutput } from './output-file.ts';

interface Options extends CommonOptions {
  format: ExportFormat;
  out?: string;
  intoCopy?: boolean;
  draw?: number;
  figures?: string;
}

export const exportCommand = () =>
  command('export', 'write the results of a run')
    .argument('<id>', 'the run, or the first letters of its id')
    .addOption(
      new Option('--format <format>', 'what to write')
        .choices(exportFormatSchema.options)
        .makeOptionMandatory(),
    )
    .option(
      '--out <file>',
      'the file (csv: the posterior samples; json: the summary; neuron, neuroml: a .zip), or a folder for all (else the current one)',
    )
    .option(
      '--draw <row>',
      'neuroml: this row of the posterior samples, from 0, instead of the MAP',
      whole(0, 1e9),
    )
    .option('--figures <dir>', 'report: its figures too, as SVG, PNG, PDF and CSV, into this folder')
    .option(
      '--into-copy',
      'nwb: add the run to a copy of the recording’s own file; the recording stays as it is',
    )
    .action(async (prefix: string, options: Options) => {
      refuseDraw(options);
      if (options.intoCopy && options.format !== 'nwb') {
        throw new AppError('usage', '--into-copy belongs to --format nwb.', {
          remedy: 'Leave it out, or export nwb.',
        });
      }
      if (options.figures !== undefined && options.format !== 'report') {
        throw new AppError('usage', '--figures belongs to --format report.', {
          remedy: 'Leave it out, or export report.',
        });
      }
      await withServices(options, async ({ history }) => {
        const id = history.resolveId(prefix);
        if (options.intoCopy) {
          const { out } = options;
          const named = out !== undefined && !isFolder(out);
          const path = await writeRecordingWithRun(
            history,
            id,
            (name) => (named ? out : join(out ?? '.', name)),
            { version: appVersion() },
          );
          tell(`Wrote ${path}.`);
          return;
        }
        const files = await exportFiles(history, id, options.format, {
          version: appVersion(),
          draw: options.draw ?? null,
          calibration: history.calibration(id),
          figures: options.figures !== undefined,
        });
        const { figures } = options;
        const own = figures === undefined ? files : files.slice(0, 1);
        const beside = files
          .slice(own.length)
          .map(({ name, bytes }) => ({ path: join(figures ?? '.', name), bytes }));
        for (const { path, bytes } of [...outputs(id, options, own), ...beside]) {
          await writeOutput(path, [bytes]);
          tell(`Wrote ${path}.`);
        }
      });
    });

function refuseDraw({ format, draw }: Options): void {
  if (draw === undefined || format === 'neuroml') return;
  throw new AppError('usage', 'Only NeuroML is written for a single draw.', {
    remedy: 'Leave out --draw: the file has every draw.',
  });
}

/** Where each file goes: all into a folder, or the first of them, or all of them as an archive, into the file that `--out` names. */
function outputs(
  id: string,
  { format, out }: Options,
  files: readonly ExportedFile[],
): { path: string; bytes: Uint8Array }[] {
  const into = (folder: string) => files.map(({ name, bytes }) => ({ path: join(folder, name), bytes }));
  if (isFolderFormat(format)) {
    const isArchive = out !== undefined && /\.zip$/i.test(out) && !isFolder(out);
    return isArchive
      ? [{ path: out, bytes: folderArchive(id, format, files).bytes }]
      : into(out ?? `${id}-${format}`);
  }
  return out === undefined || isFolder(out) ? into(out ?? '.') : [{ path: out, bytes: files[0]!.bytes }];
}

/** There is one, or it is written as one. */
const isFolder = (path: string) =>
  (/[/\\]$/.test(path) || statSync(path, { throwIfNoEntry: false })?.isDirectory()) ?? false;
