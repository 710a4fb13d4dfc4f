import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { rowsAfter } from './screen.ts';

const script = fileURLToPath(new URL('print-progress.ts', import.meta.url));
/** Runs a command with a terminal of some width. */
const inTerminal = `
import fcntl, os, pty, struct, sys, termios
width = int(sys.argv[1])
def read(fd):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 50, width, 0, 0))
    return os.read(fd, 4096)
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[2:], read)))
`;
const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0;
const utf8 = { TERM: 'xterm-256color', LANG: 'C.UTF-8' };

function print(command: string, args: readonly string[], env: Readonly<Record<string, string>>): string {
  const PATH = process.env.PATH ?? '';
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env: { PATH, ...env } });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

function printOnTerminal(env: Readonly<Record<string, string>>, width = 80): string {
  return print('python3', ['-c', inTerminal, String(width), process.execPath, script], env);
}

/** Without the time that a stage took, which is measured. */
function untimed(rows: readonly string[]): readonly string[] {
  return rows.map((row) => row.replace(/ {2}\(took .+\)$/, ''));
}

/** The log is a line of its own, wherever it goes. */
const plain = () => untimed(rowsAfter(print(process.execPath, [script], utf8)));
const onScreen = (output: string) => untimed(rowsAfter(output)).filter((row) => row !== 'a line of the log');

(hasPython ? describe : describe.skip)('on a terminal, progress', () => {
  it.each([
    ['as usual', utf8, 80],
    ['that is narrow', utf8, 20],
    ['without colours', { ...utf8, NO_COLOR: '1' }, 80],
    ['of a CI system', { ...utf8, CI: 'true' }, 80],
    ['that cannot redraw', { ...utf8, TERM: 'dumb' }, 80],
  ])('has the same lines as in a log: %s', (_, env, width) => {
    expect(onScreen(printOnTerminal(env, width))).toEqual(plain());
  });

  it('shows what is under way, and gives the cursor back', () => {
    const output = printOnTerminal(utf8);
    expect(output).toContain('0 of 1 shard');
    expect(output.lastIndexOf('\u001b[?25h')).toBeGreaterThan(output.lastIndexOf('\u001b[?25l'));
  });

  it.each([
    ['a CI system', { CI: 'true' }],
    ['a dumb terminal', { TERM: 'dumb' }],
  ])('draws no spinner for %s', (_, env) => {
    expect(printOnTerminal({ ...utf8, ...env })).not.toContain('0 of 1 shard');
  });

  it.each([[{ NO_COLOR: '1', CI: 'true' }], [{ TERM: 'dumb' }]])('has no control sequence with %j', (env) => {
    expect(printOnTerminal({ ...utf8, ...env })).not.toContain('\u001b');
  });

  it('is ASCII where the locale has no UTF-8', () => {
    const output = printOnTerminal({ ...utf8, LANG: '', LC_ALL: 'C' });
    expect(Buffer.from(output).every((byte) => byte < 128)).toBe(true);
    expect(untimed(rowsAfter(output))).toContain('    web-2 100 % -> web-1 100 %');
  });
});
