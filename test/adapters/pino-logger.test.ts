import { describe, expect, it } from '@jest/globals';
import { PinoLogger } from '../../shared/adapters/pino-logger.ts';
import { structureConsole } from '../../shared/runtime/structured-console.ts';

const secret = 'c0re7Secret9Part';

function aLog() {
  const lines: string[] = [];
  return { lines, log: PinoLogger.create('info', { write: (line) => void lines.push(line) }) };
}

describe('a log line', () => {
  it('is one line without characters that a terminal interprets, whatever is logged', () => {
    const { lines, log } = aLog();
    const odd = 'a\r\n\u001b[31mb\u0085\u009bc\u202ed\u2028e\ufefff\u{e0041}g\ud800';
    log.child({ odd }).error({ [odd]: [odd], nested: { odd } }, odd);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[\x20-\x7e]+\n$/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: odd, odd, [odd]: [odd], nested: { odd } });
  });

  it('has the severity and the text of the code, whatever the fields are called', () => {
    const { lines, log } = aLog();
    log.child({ severity: 'DEBUG' }).warn({ severity: 'INFO', message: 'no', time: 'never' }, 'so');
    log.info({}, '{"severity":"EMERGENCY"}\n{"severity":"EMERGENCY"}');
    expect(lines).toHaveLength(2);
    expect(lines[0]?.match(/"(severity|message|time)":/g)?.sort()).toEqual([
      '"message":',
      '"severity":',
      '"time":',
    ]);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ severity: 'WARNING', message: 'so', _message: 'no' });
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ severity: 'INFO' });
  });

  it('shows of an error of a library its text, and neither request nor headers', () => {
    const { lines, log } = aLog();
    const request = { headers: { authorization: `Bearer ${secret}`, cookie: `sid=${secret}` } };
    const cause = Object.assign(new Error('inner'), { config: request });
    const error = Object.assign(new Error(`refused: token=${secret}`, { cause }), {
      code: 401,
      config: request,
    });
    class Response {
      readonly config = request;
    }
    log.error(
      { err: error, error, errors: [error], response: new Response(), headers: new Headers() },
      'failed',
    );
    expect(lines.join()).not.toContain(secret);
    const shown = { name: 'Error', message: 'refused: token=[SECRET]', code: 401 };
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ err: shown, error: shown, errors: [shown] });
    expect(JSON.parse(lines[0] ?? '').error).toEqual(shown);
  });

  it('shows no secret, by shape or by name', () => {
    const { lines, log } = aLog();
    const headers = {
      Authorization: `Basic ${secret}`,
      'set-cookie': [`sid=${secret}`],
      'x-api-key': secret,
    };
    log
      .child({ password: secret })
      .info(
        { headers, text: `ghp_${secret}0000`, deep: { token: secret, url: `https://me:${secret}@h/` } },
        `password=${secret}`,
      );
    expect(lines.join()).not.toContain(secret);
  });

  it('never fails', () => {
    const { lines, log } = aLog();
    const cycle: Record<string, unknown> = {};
    cycle.cycle = cycle;
    const odd = [() => {}, Symbol('a'), 1n, Object.create(null), new Map([[1, 2]]), undefined, Number.NaN];
    log.info({ cycle, odd }, 'so');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: 'so' });
  });

  it('is the same for what the framework prints', () => {
    const { lines, log } = aLog();
    const printer = { ...console };
    structureConsole(printer, log);
    printer.error(new Error(`\u009b31m -----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`));
    printer.log(`token=${secret}${'x'.repeat(2_000)}`);
    printer.log(`${'x'.repeat(990)} token=${secret}`);
    expect(lines).toHaveLength(3);
    expect(lines.join('')).not.toContain(secret.slice(0, 4));
    expect(lines.join('')).toMatch(/^[\x20-\x7e\n]+$/);
  });
});
