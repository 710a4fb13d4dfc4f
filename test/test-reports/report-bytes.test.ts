import { describe, expect, it, test } from '@jest/globals';
import { encodingHeadBytes } from '../../shared/test-reports/detect-encoding.ts';
import { ctrfReport, junitReport, namespacedReport } from '../fixtures/results/reports.ts';
import { readReport } from './read-report.ts';

const encoder = new TextEncoder();
const utf16 = (text: string, big: boolean, mark: boolean) => {
  const units = [...(mark ? '\uFEFF' : ''), ...text].join('');
  return Uint8Array.from(
    [...units].flatMap((unit) => (big ? [0, unit.charCodeAt(0)] : [unit.charCodeAt(0), 0])),
  ).map((byte, i) => (mark && i < 2 ? ((i === 0) === big ? 0xfe : 0xff) : byte));
};
const latin1 = (text: string) => Uint8Array.from([...text].map((character) => character.charCodeAt(0)));

const damaged = `x<testsuite>\u0001 & <!-- -- --><testcase a='1'b=2 name="\u{1F600}é<&#1;">]]>&nbsp;</b></testcase><!x>`;
const reports: readonly (readonly [string, string])[] = [
  ['JUnit XML', junitReport],
  ['a namespaced report', namespacedReport],
  ['a damaged report', `${damaged}</testsuite>`],
  ['CTRF', ctrfReport],
];

describe('a report', () => {
  test.each(reports)('of %s reads the same, wherever it is cut into chunks', async (_what, text) => {
    // What decides the encoding is read at once.
    const padded = ' '.repeat(encodingHeadBytes) + text.replace(/^<\?xml.*\n/, '');
    const whole = await readReport(padded);
    for (let size = 1; size <= 40; size++) expect(await readReport(padded, size)).toEqual(whole);
  });

  test.each(reports)('of %s is never whole when its end is missing', async (_what, text) => {
    const bytes = encoder.encode(text.trimEnd());
    const whole = await readReport(text);
    for (let end = 0; end < bytes.length; end++) {
      const { problems, cases } = await readReport(bytes.subarray(0, end));
      expect([end, problems.some(({ severity }) => severity === 'error')]).toEqual([end, true]);
      expect(cases).toEqual(whole.cases.slice(0, cases.length));
    }
  });

  const é = '<testcase name="é"/>';
  test.each([
    ['UTF-8', encoder.encode(é)],
    ['UTF-8 with a mark', encoder.encode(`\uFEFF<?xml version="1.0"?>${é}`)],
    ['UTF-16, little end first', utf16(`<?xml version="1.0" encoding="UTF-16"?>${é}`, false, true)],
    ['UTF-16, big end first', utf16(`<?xml version="1.0" encoding="UTF-16"?>${é}`, true, true)],
    ['UTF-16 without a mark', utf16(é, false, false)],
    ['UTF-16 without a mark, big end first', utf16(é, true, false)],
    ['Latin-1', latin1(`<?xml version="1.0" encoding="ISO-8859-1"?>${é}`)],
    ['Latin-1 in other quotes', latin1(`<?xml version='1.0' encoding = 'latin1' ?>${é}`)],
  ])('in %s is understood', async (_what, bytes) => {
    for (const size of [1, 2, 3, 65_536])
      expect(await readReport(bytes, size)).toMatchObject({ kinds: [], cases: [{ name: 'é' }] });
  });

  test.each([
    ['bytes that are no UTF-8', latin1(`<a>\n<testcase name="b"/>\xe9 x</a>`), { line: 2, column: 21 }],
    ['a character cut off', latin1('<testcase name="b"/>\xc3'), {}],
    ['an encoding that nobody has', encoder.encode('<?xml version="1.0" encoding="x-y"?><testcase/>'), {}],
    ['a wrong encoding', encoder.encode('<?xml version="1.0" encoding="UTF-16"?><testcase/>'), {}],
  ])('with %s is read all the same, and told', async (_what, bytes, place) => {
    const { problems, tally } = await readReport(bytes);
    expect(tally.tests).toBe(1);
    expect(problems[0]).toMatchObject({ kind: 'bad-encoding', severity: 'warning', ...place });
  });

  it('may have a replacement character that was written on purpose', async () => {
    expect((await readReport('<testcase name="\uFFFD"/>')).kinds).toEqual([]);
  });
});
