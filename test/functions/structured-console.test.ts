import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LogFields, Logger } from '../../shared/ports/logger.ts';
import { type Printer, structureConsole } from '../../shared/runtime/structured-console.ts';

describe('what the framework prints', () => {
  let printer: Printer;
  let lines: { readonly level: string; readonly fields: LogFields; readonly message: string }[];
  beforeEach(() => {
    lines = [];
    const keep = (level: string) => (fields: LogFields, message: string) => {
      lines.push({ level, fields, message });
    };
    const log: Logger = { info: keep('info'), warn: keep('warn'), error: keep('error'), child: () => log };
    const nowhere = () => {};
    printer = { error: nowhere, warn: nowhere, log: nowhere, info: nowhere, debug: nowhere };
    structureConsole(printer, log);
  });

  it('of a body that it cannot parse is the kind of fault, and nothing of the body', () => {
    const refused = Object.assign(new SyntaxError('Unexpected token, "secret" is not JSON'), {
      type: 'entity.parse.failed',
      body: 'secret',
    });
    printer.error(refused);
    expect(lines).toEqual([
      {
        level: 'error',
        fields: { code: 'framework', stack: expect.any(Array) },
        message: 'SyntaxError: entity.parse.failed',
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('of a crash is one line, with where it happened', () => {
    printer.error('TypeError: a\n  b\n    at f (file.ts:1:2)\n    at g (file.ts:3:4)');
    expect(lines).toEqual([
      {
        level: 'error',
        fields: { code: 'framework', stack: ['at f (file.ts:1:2)', 'at g (file.ts:3:4)'] },
        message: 'TypeError: a;   b',
      },
    ]);
  });

  it('for information is information', () => {
    printer.log('Serving function...');
    expect(lines).toEqual([{ level: 'info', fields: { code: 'framework' }, message: 'Serving function...' }]);
  });
});
