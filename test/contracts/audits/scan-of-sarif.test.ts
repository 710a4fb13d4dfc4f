import { describe, expect, it, test } from '@jest/globals';
import { type Sarif, SarifSchema } from '../../../shared/contracts/audits/sarif.ts';
import { scanOfSarif } from '../../../shared/contracts/audits/scan-of-sarif.ts';
import { newFindings, type Scan } from '../../../shared/domain/audits/scan.ts';
import { codeQl, esLint, oneResult, semgrep } from './sarif-logs.ts';

const parse = (log: unknown): Sarif => SarifSchema.parse(log);
const scan = (log: unknown, files?: number): Scan => scanOfSarif([parse(log)], files);
const told = ({ findings }: Scan) => findings.map(({ rule, file }) => [rule, file]);

describe('a scan of', () => {
  it('CodeQL counts faults alone, and knows them again on another line', () => {
    expect(scan(codeQl())).toMatchObject({ tools: ['CodeQL'] });
    expect(told(scan(codeQl()))).toEqual([['js/xss', 'src/pages/cart.js']]);
    expect(newFindings(scan(codeQl(40)), scan(codeQl(12)))).toEqual([]);
    expect(newFindings(scan(codeQl(12, 'ffff:1')), scan(codeQl(12)))).toHaveLength(1);
  });

  it('CodeQL does not say how many files there are: it lists those with results', () => {
    expect(scan(codeQl()).files).toBeUndefined();
    expect(scan(codeQl(), 861).files).toBe(861);
  });

  it('Semgrep leaves out what is suppressed, and knows its messages without their numbers', () => {
    expect(told(scan(semgrep()))).toEqual([['python.sql-injection', 'app/db.py']]);
    expect(newFindings(scan(semgrep(90)), scan(semgrep(3)))).toEqual([]);
    expect(scan(semgrep()).files).toBeUndefined();
  });

  it('ESLint counts equal findings, so that one more of them is new', () => {
    expect(told(scan(esLint(1)))).toEqual([['no-console', '/workspace/src/a b.js']]);
    expect(newFindings(scan(esLint(3)), scan(esLint(2)))).toHaveLength(1);
    expect(newFindings(scan(esLint(1)), scan(esLint(2)))).toEqual([]);
    expect(scan(esLint())).toMatchObject({ files: 4 });
  });

  it('several files is one', () => {
    const both = scanOfSarif([parse(codeQl()), parse(esLint(1))]);
    expect(both).toMatchObject({ tools: ['CodeQL', 'ESLint'], files: 5 });
    expect(both.findings).toHaveLength(2);
  });
});

const rule = (level: string) => ({
  tool: { driver: { name: 't', rules: [{ id: 'r', defaultConfiguration: { level } }] } },
});

describe('a result', () => {
  test.each<[string, object, object, number]>([
    ['without anything', {}, {}, 1],
    ['of kind fail', { kind: 'fail' }, {}, 1],
    ['of kind pass', { kind: 'pass' }, {}, 0],
    ['of kind informational', { kind: 'informational' }, {}, 0],
    ['of level note', { level: 'note' }, {}, 1],
    ['of level none', { level: 'none' }, {}, 0],
    ['whose rule has level none', { ruleId: 'r' }, rule('none'), 0],
    ['whose own level counts before its rule', { ruleId: 'r', level: 'error' }, rule('none'), 1],
    ['with no suppression', { suppressions: [] }, {}, 1],
    ['that is suppressed', { suppressions: [{ kind: 'external', status: 'accepted' }] }, {}, 0],
    [
      'whose suppression is under review',
      { suppressions: [{ kind: 'external', status: 'underReview' }] },
      {},
      1,
    ],
    ['whose suppression was rejected', { suppressions: [{ status: 'rejected' }] }, {}, 1],
    ['that is there no more', { baselineState: 'absent' }, {}, 0],
    ['that was there before', { baselineState: 'unchanged' }, {}, 1],
    ['with nulls for what is absent', { ruleId: null, locations: null, suppressions: null }, {}, 1],
  ])('%s', (_what, result, run, findings) => {
    expect(scan(oneResult(result, run)).findings).toHaveLength(findings);
  });

  test.each<[string, object, object, readonly [string, string]]>([
    ['its rule by index', { ruleIndex: 0 }, rule('error'), ['r', '']],
    ['a file by index', at({ index: 1 }), { artifacts: [{}, { location: { uri: 'b.py' } }] }, ['', 'b.py']],
    ['no file at index -1', at({ index: -1 }), { artifacts: [{ location: { uri: 'b.py' } }] }, ['', '']],
    ['a file of Windows', at({ uri: '.\\src\\a.cs' }), {}, ['', 'src/a.cs']],
    ['a URI that is none', at({ uri: '%zz' }), {}, ['', '%zz']],
    ['two lines in a name', at({ uri: 'a\nb' }), {}, ['', 'a b']],
  ])('names %s', (_what, result, run, names) => {
    expect(told(scan(oneResult(result, run)))).toEqual([names]);
  });

  function at(artifactLocation: object) {
    return { locations: [{ physicalLocation: { artifactLocation } }] };
  }

  it('is another one in another file, of another rule, with another message', () => {
    const all = [
      {},
      at({ uri: 'a' }),
      { ruleId: 'r' },
      { message: { text: 'yes' } },
      { message: { id: 'no', arguments: ['x'] } },
    ];
    const keys = all.map((result) => scan(oneResult(result)).findings[0]?.key);
    expect(new Set(keys).size).toBe(all.length);
    expect(keys[0]).toMatch(/^[0-9a-f]{20}$/);
  });
});

test('a run without results has none', () => {
  expect(scan({ version: '2.1.0', runs: [{ tool: { driver: { name: 't' } } }] })).toEqual({
    tools: ['t'],
    findings: [],
  });
});
