import { describe, expect, it } from '@jest/globals';
import type { CliIo } from '../../shared/cli/cli-io.ts';
import { CommandExit } from '../../shared/cli/exit/command-exit.ts';
import { explainExit } from '../../shared/cli/exit/explain-exit.ts';
import { JsonOutput } from '../../shared/cli/exit/json-output.ts';
import { ErrorDocument } from '../../shared/contracts/output/error-output.ts';

function captured(isJson = true) {
  const written = { stdout: '', stderr: '' };
  const io: CliIo = {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    env: {},
    cwd: '/',
    isTty: false,
  };
  return { output: new JsonOutput(io, () => isJson), written };
}

const error = { code: 'unavailable', message: 'the records cannot be written', exitCode: 3 } as const;

describe('with --json, stdout', () => {
  it('has the result once the command has ended', () => {
    const { output, written } = captured();
    output.io.stdout.write('{"schemaVersion":1,"exitCode":1}\n');
    expect(written.stdout).toBe('');
    output.end({ code: 1 });
    expect(written.stdout).toBe('{"schemaVersion":1,"exitCode":1}\n');
  });

  it('has the result and the error of a command that fails afterwards, in one document', () => {
    const { output, written } = captured();
    output.io.stdout.write('{"schemaVersion":1,"exitCode":0,"runs":[]}\n');
    output.end({ code: 3, error });
    expect(
      written.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([{ schemaVersion: 1, exitCode: 3, runs: [], error }]);
  });

  it.each([130, 143, 3] as const)('says of a command that was stopped and ends with %i why', (exitCode) => {
    const { output, written } = captured();
    const message = 'stopped  by SIGINT: no run was opened\ntraffic  not changed';
    output.end(explainExit(new CommandExit(exitCode, { code: 'interrupted', message, exitCode })));
    expect(ErrorDocument.parse(JSON.parse(written.stdout)).error).toEqual({
      code: 'interrupted',
      message,
      exitCode,
    });
  });

  it('is left alone without the option', () => {
    const { output, written } = captured(false);
    output.io.stdout.write('web: ok\n');
    output.end({ code: 3, error });
    expect(written.stdout).toBe('web: ok\n');
  });
});
