import { Command } from 'commander';
import { type ConfigFault, formatFault } from '../../config/config-fault.ts';
import { configDocument } from '../../output/command-output.ts';
import type { CliIo } from '../cli-io.ts';
import { printDocument } from '../exit/print-document.ts';
import { readConfigFile } from '../input/read-config-file.ts';

/** `deploy-loop validate FILE`: reports every fault of a config file. Makes no network call. */
export function validateCommand(io: CliIo): Command {
  return new Command('validate')
    .description('check a config file without contacting Google Cloud')
    .argument('<file>', 'the config file')
    .action(async (file: string, _options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: true }>();
      const { config, digest, warnings } = await readConfigFile(file, io.cwd);
      const names = config.services.map(({ name }) => name);
      if (json) return printDocument(configDocument(digest, names, warnings), io);
      for (const warning of warnings) io.stderr.write(`${formatWarning(warning)}\n`);
      const count = names.length;
      io.stdout.write(`${file}: ok, ${count} ${count === 1 ? 'service' : 'services'}\n`);
    });
}

function formatWarning(warning: ConfigFault): string {
  return formatFault({ ...warning, message: `warning: ${warning.message}` });
}
