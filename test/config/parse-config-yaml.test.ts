import { describe, expect, it, test } from '@jest/globals';
import { faultLines } from './config-faults.ts';
import { configText } from './config-text.ts';

const aliasBomb = [
  'a: &a [x, x]',
  'b: &b [*a, *a, *a, *a]',
  'c: &c [*b, *b, *b, *b]',
  'd: &d [*c, *c, *c, *c]',
  'e: [*d, *d, *d, *d]',
];

describe('the YAML of a config file', () => {
  test.each([
    ['nothing', '', 'the file is empty'],
    ['only a comment', '# later\n', 'the file is empty'],
    ['only a document mark', '---\n', 'the file is empty'],
    ['plain text', 'hello', '"hello" is not a map'],
    ['a list', '- 1', '[1] is not a map'],
    ['broken YAML', 'services: [', 'not YAML'],
    ['tabs', 'services:\n\t- name: web\n', 'indent with spaces'],
    ['two documents', `${configText()}---\n${configText()}`, 'several YAML documents'],
    ['a doubled key', `${configText()}version: 1\n`, 'version: is given twice'],
    ['another YAML', `%YAML 1.1\n---\n${configText()}`, 'only YAML 1.2'],
    ['a JavaScript tag', configText('propagation: !!js/function "() => 1"'), 'js/function'],
    ['a tag of its own', configText('health: !include health.yaml'), '!include'],
    ['a core tag', configText('propagation: !!str 10s'), 'remove the tag'],
    ['a tagged key', configText('!!str propagation: 10s'), 'a key has a YAML tag'],
    ['a map as a key', configText('? { a: 1 }', ': 2'), 'is not text'],
    ['an unknown alias', configText('propagation: *nothing'), 'no anchor &nothing is defined above'],
    ['an alias of itself', 'a: &a [*a]', 'is nested deeper than 64 levels'],
    ['an alias bomb', aliasBomb.join('\n'), 'expands more than 100 aliases'],
    ['deep nesting', '['.repeat(20_000), 'nested too deeply'],
    ['many values', '- a\n'.repeat(100_001), 'expands to more than 100000 values'],
    ['more than 1 MiB', '#'.repeat(1024 * 1024 + 1), 'larger than 1 MiB'],
    ['a NUL', 'version: 1\0', 'control characters'],
    ['the beginnings of references', configText(`propagation: "${'${'.repeat(450_000)}"`), 'not accepted'],
    ['one long word', 'a'.repeat(1_000_000), 'write a map, such as'],
    ['an escaped NUL', configText('triggers: ["a\\0b"]'), 'control characters'],
    ['half a character', configText('triggers: ["\\ud800"]'), 'control characters'],
  ])('is refused when it holds %s', (_, text, message) => {
    const faults = faultLines(text);

    expect(faults.join('\n')).toContain(message);
    expect(faults.every((line) => /^f\.yaml:\d+:\d+ .+ — .+$/.test(line))).toBe(true);
  });

  it('may be written on Windows, and begin with a byte order mark', () => {
    expect(faultLines(`\uFEFF${configText().replaceAll('\n', '\r\n')}`)).toEqual([]);
  });

  it('prints nothing of a key or value that a terminal would act upon', () => {
    const [fault] = faultLines(configText('"\\u202Eevil": 1'));
    expect(fault).toContain('["\\u202eevil"]');
  });
});
