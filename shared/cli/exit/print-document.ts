import type { CliIo } from '../cli-io.ts';
import { CommandExit } from './command-exit.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** A document with the exit code of its command. */
interface Document {
  readonly schemaVersion: number;
  readonly exitCode: number;
}

/** Prints the document of a command that was stopped: its error is added to it, and ends the command. */
export function writeDocument(document: Document, { stdout }: Pick<CliIo, 'stdout'>): void {
  stdout.write(`${JSON.stringify(document)}\n`);
}

/**
 * Prints the one JSON document of a command.
 * @throws {CommandExit} its exit code is another than `pass`
 */
export function printDocument(document: Document, io: Pick<CliIo, 'stdout'>): void {
  writeDocument(document, io);
  if (document.exitCode !== exitCodes.pass) throw new CommandExit(document.exitCode as ExitCode);
}
