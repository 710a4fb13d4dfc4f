import { describe, expect, it, test } from '@jest/globals';
import { readChunks, readReport } from './read-report.ts';

const suite = (inner: string, attributes = '') =>
  `<testsuite${attributes && ` ${attributes}`}>\n<testcase name="a"/>${inner}</testsuite>`;

describe('the JUnit reader, given what is no good report,', () => {
  test.each([
    ['nothing', '', 'empty'],
    ['space', ' \n', 'empty'],
    ['a byte order mark', '\uFEFF', 'empty'],
    ['words', 'no tests today', 'not-results'],
    ['another document', '<html><body/></html>', 'not-results'],
    ['no case', '<testsuites tests="3"/>', 'no-tests'],
  ])('never takes %s for a pass', async (_what, text, kind) => {
    const { problems } = await readReport(text);
    expect(problems).toContainEqual(expect.objectContaining({ kind, severity: 'error' }));
  });

  test.each([
    ['a DOCTYPE', '<!DOCTYPE a [<!ENTITY b "c">]><testsuite/>', 'doctype-refused', 1, 1],
    ['a DOCTYPE after a case', suite('<!doctype a>'), 'doctype-refused', 2, 21],
    ['the end inside of an element', '<testsuite>\n<testcase name="a"/>', 'truncated', 2, 21],
    ['the end inside of a tag', '<testsuite>\n<testcase name="a"/><testc', 'truncated', 2, 27],
    ['an end tag too many', suite('</b>'), 'not-well-formed', 2, 21],
    ['an end tag too few', suite('<b>'), 'not-well-formed', 2, 24],
    ['a lone <', suite(' 1 < 2'), 'not-well-formed', 2, 24],
    ['a declaration', suite('<!ELEMENT a ANY>'), 'not-well-formed', 2, 21],
    ['a second attribute', suite('<b c="1" c="2"/>'), 'not-well-formed', 2, 29],
    ['attributes without a space', suite('<b c="1"d="2"/>'), 'not-well-formed', 2, 29],
    ['an attribute without quotes', suite('<b c=1/>'), 'not-well-formed', 2, 24],
    ['an attribute without a value', suite('<b c/>'), 'not-well-formed', 2, 24],
    ['a < in an attribute', suite('<b c="1<2"/>'), 'not-well-formed', 2, 28],
    ['a suite that broke', suite('<error/>'), 'suite-error', 2, 29],
    ['sums of more failures', suite('', 'failures="1"'), 'sums-differ', 2, 21],
    ['sums of no failures', suite('<testcase><failure/></testcase>', 'failures="0"'), 'sums-differ', 2, 52],
    ['sums of more tests', suite('', 'tests="2"'), 'sums-differ', 2, 21],
    ['a warning in a case', suite('<testcase><warning>x</warning></testcase>'), 'case-warning', 2, 40],
    ['a clock that was not set', suite('', 'timestamp="1970-01-01T00:00:00"'), 'implausible-clock', 1, 44],
    ['a clock far ahead', suite('', 'timestamp="4031-01-01T00:00:00"'), 'implausible-clock', 1, 44],
    ['an unknown entity', suite('<b>&nbsp;</b>'), 'bad-reference', 2, 24],
    ['a lone &', suite('<b>a & b</b>'), 'bad-reference', 2, 26],
    ['a control character', suite('<b>\u0001</b>'), 'illegal-character', 2, 24],
    ['a reference to one', suite('<b>&#x1;</b>'), 'illegal-reference', 2, 24],
    ['a time that is none', '<testcase time="-1"/>', 'invalid-time', 1, 22],
  ])('names %s and its place', async (_what, text, kind, line, column) => {
    const { problems } = await readReport(text);
    expect(problems[0]).toMatchObject({ kind, line, column });
  });

  it('shows the text of a suite that broke, and of a warning', async () => {
    const { problems } = await readReport(
      suite('<error message="no module">cart</error><testcase><warning>no tests\nin it</warning></testcase>'),
    );
    expect(problems.map(({ message }) => message)).toEqual([
      'a suite has its own <error>: not all of its cases have run: no module cart',
      'a case has its own <warning>: no tests in it',
    ]);
  });

  it.each([
    ['several failures in a case', '<testcase><failure/><failure/></testcase>', 'failures="2"'],
    ['attempts', '<testcase><rerunFailure/><failure/></testcase>', 'failures="2"'],
    ['no attempts', '<testcase><flakyFailure/></testcase>', 'failures="0"'],
    ['one sum for both', '<testcase><error/></testcase>', 'failures="1" errors="0"'],
    ['sums that leave out cases', '<testcase/>', 'tests="1"'],
    ['inner suites', '<testsuite><testcase><failure/></testcase></testsuite>', 'tests="2" failures="1"'],
  ])('does not mind sums that count %s', async (_what, inner, attributes) => {
    expect((await readReport(suite(inner, attributes))).kinds).toEqual([]);
  });

  test.each([
    ['a stray end tag', '<testcase name="a"><failure>x</b></failure></testcase>', { tests: 2, failed: 1 }],
    ['unescaped HTML', '<testcase><failure><br><p>x</failure></testcase>', { tests: 2, failed: 1 }],
    ['a lone &', '<testcase><failure>a & b</failure></testcase><testcase/>', { tests: 3, failed: 1 }],
    ['a lone <', '<testcase><failure>a < b && c <3</failure></testcase>', { tests: 2, failed: 1 }],
    ['a broken attribute', '<testcase name=a b><error/></testcase>', { tests: 2, errored: 1 }],
    ['a case without its end', '<testcase><failure/>', { tests: 1, failed: 0 }],
  ])('goes on after %s', async (_what, inner, tally) => {
    const read = await readReport(suite(inner));
    expect(read.tally).toMatchObject(tally);
    expect(read.problems).not.toEqual([]);
  });

  it('keeps the cases before the fault', async () => {
    const read = await readReport('<testsuite><testcase><failure/></testcase><testcase><err');
    expect(read).toMatchObject({ tally: { tests: 1, failed: 1 }, kinds: ['truncated'] });
  });

  it('tells a fault once, with its number', async () => {
    const { problems } = await readReport(suite('& & &'));
    expect(problems).toMatchObject([{ kind: 'bad-reference', count: 3 }]);
  });

  const mebi = 1024 * 1024;
  test.each([
    ['elements a million deep', '<testsuite>', '<a>', 'too-deep'],
    ['an endless element name', '<testsuite><', 'a', 'too-long'],
    ['an endless test name', '<testsuite><testcase name="', 'x', 'truncated'],
    ['an endless entity', '<testsuite>', '&a', 'bad-reference'],
    ['endless declarations', '<!DOCTYPE a [', '<!ENTITY a "bbbb">', 'doctype-refused'],
    ['endless end tags', '<testsuite>', '</b>', 'not-well-formed'],
    ['an endless attribute name', '<testsuite ', 'a', 'not-well-formed'],
    ['endless zeros', '', '\0', 'not-results'],
    ['endless space', '', ' ', 'not-results'],
  ])('ends soon with %s', async (_what, head, piece, kind) => {
    const read = await readChunks(repeat(head, piece, 4 * mebi));
    expect(read.kinds).toContain(kind);
  });

  it('names a name that is too long to tell cases apart', async () => {
    const read = await readReport(`<testcase name="${'x'.repeat(65_537)}"/>`);
    expect(read).toMatchObject({ kinds: ['too-long'], tally: { tests: 1 } });
    expect((await readReport(`<testcase name="${'x'.repeat(65_536)}"/>`)).kinds).toEqual([]);
  });

  it('stops asking for more after a refusal', async () => {
    let asked = 0;
    async function* long() {
      while (asked < 100) {
        asked += 1;
        yield new TextEncoder().encode(`<!DOCTYPE ${' '.repeat(2000)}`);
      }
    }
    expect((await readChunks(long())).kinds).toEqual(['doctype-refused']);
    expect(asked).toBe(1);
  });
});

async function* repeat(head: string, piece: string, length: number): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(head);
  const chunk = encoder.encode(piece.repeat(Math.ceil(65_536 / piece.length)));
  for (let sent = 0; sent < length; sent += chunk.length) yield chunk;
}
