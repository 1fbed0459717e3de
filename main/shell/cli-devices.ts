import { command, jsonOption, type CommonOptions } from './cli-command.ts';
import { say, sayJson } from './cli-output.ts';
import { plainTable } from './cli-tables.ts';
import { listDevices } from './devices.ts';

export const devicesCommand = () =>
  command('devices', 'what can train here, and why the rest cannot')
    .addOption(jsonOption())
    .action(async (options: CommonOptions) => {
      const devices = await listDevices();
      if (options.json) {
        sayJson({ devices });
        return;
      }
      const table = plainTable(['device', 'trains here', '']);
      for (const d of devices) {
        table.push([
          d.device,
          d.available ? 'yes' : 'no',
          (d.reason ?? d.description).replaceAll(/\. (?=[A-Z])/g, '.\n'),
        ]);
      }
      say(table.toString());
    });
