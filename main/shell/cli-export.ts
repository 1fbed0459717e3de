import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Option } from 'commander';
import { availableExportFormats, exportFormatSchema, type ExportFormat } from '../contract/run.ts';
import { exportFiles } from '../export/export-files.ts';
import { command, withServices, type CommonOptions } from './cli-command.ts';
import { tell } from './cli-output.ts';
import { requireFormat } from './export-service.ts';
import { writeOutput } from './output-file.ts';

interface Options extends CommonOptions {
  format: ExportFormat;
  out?: string;
}

export const exportCommand = () =>
  command('export', 'write the results of a run')
    .argument('<id>', 'the run, or the first letters of its id')
    .addOption(
      new Option('--format <format>', `${availableExportFormats.join(', ')} in this version`)
        .choices(exportFormatSchema.options)
        .makeOptionMandatory(),
    )
    .option(
      '--out <file>',
      'the file (csv: the posterior samples; json: the summary), or a folder for all (else the current one)',
    )
    .action(async (prefix: string, options: Options) => {
      requireFormat(options.format);
      await withServices(options, async ({ history }) => {
        const files = await exportFiles(history, history.resolveId(prefix), options.format);
        const { out } = options;
        const single = out !== undefined && !isFolder(out);
        for (const file of single ? files.slice(0, 1) : files) {
          const path = single ? out : join(out ?? '.', file.name);
          await writeOutput(path, [file.bytes]);
          tell(`Wrote ${path}.`);
        }
      });
    });

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
