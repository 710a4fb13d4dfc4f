import { Command } from 'commander';
import { ConfigError } from '../../config/config-error.ts';
import type { ParsedConfig } from '../../config/parse-config.ts';
import type { CliIo } from '../cli-io.ts';
import { CommandExit } from '../exit/command-exit.ts';
import { exitCodes } from '../exit/exit-codes.ts';
import { readConfigFile, readConfigTold } from '../input/read-config-file.ts';

/** `deploy-loop validate FILE`: reports every fault of a config file. Makes no network call. */
export function validateCommand(io: CliIo): Command {
  return new Command('validate')
    .description('check a config file without contacting Google Cloud')
    .argument('<file>', 'the config file')
    .action(async (file: string, _options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: true }>();
      await (json ? validateForPrograms(file, io) : validateForPeople(file, io));
    });
}

async function validateForPeople(file: string, io: CliIo): Promise<void> {
  const { config } = await readConfigTold(file, io);
  const count = config.services.length;
  io.stdout.write(`${file}: ok, ${count} ${count === 1 ? 'service' : 'services'}\n`);
}

async function validateForPrograms(file: string, io: CliIo): Promise<void> {
  const print = (result: unknown) => io.stdout.write(`${JSON.stringify(result)}\n`);
  let parsed: ParsedConfig;
  try {
    parsed = await readConfigFile(file, io);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    print({ ok: false, faults: error.faults });
    throw new CommandExit(exitCodes.badInput);
  }
  const services = parsed.config.services.map(({ name }) => name);
  print({ ok: true, digest: parsed.digest, services, warnings: parsed.warnings });
}
