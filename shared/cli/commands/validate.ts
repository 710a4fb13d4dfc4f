import { Command } from 'commander';
import { countOf } from '../../domain/render/count-of.ts';
import { configDocument } from '../../output/command-output.ts';
import type { CliIo } from '../cli-io.ts';
import { printDocument } from '../exit/print-document.ts';
import { readConfigFile, readConfigTold } from '../input/read-config-file.ts';

/** `deploy-loop validate FILE`: reports every fault of a config file. Makes no network call. */
export function validateCommand(io: CliIo): Command {
  return new Command('validate')
    .description('check a config file without contacting Google Cloud')
    .argument('<file>', 'the config file')
    .action(async (file: string, _options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: true }>();
      const read = json ? readConfigFile : readConfigTold;
      const { config, digest, warnings } = await read(file, io);
      const names = config.services.map(({ name }) => name);
      if (json) return printDocument(configDocument(digest, names, warnings), io);
      io.stdout.write(`${file}: ok, ${countOf(names.length, 'service')}\n`);
    });
}
