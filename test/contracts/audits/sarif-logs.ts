/** Logs of SARIF 2.1.0 in the shapes of well-known tools. */

/** CodeQL: rules and files by index, hashes of lines, artifacts of files with results alone. */
export function codeQl(line = 12, hash = '39fa2ee980eb94b0:1') {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'CodeQL',
            semanticVersion: '2.16.0',
            rules: [
              {
                id: 'js/xss',
                defaultConfiguration: { enabled: true, level: 'error' },
                properties: { tags: ['security'] },
              },
              { id: 'js/summary', defaultConfiguration: { level: 'none' } },
            ],
          },
        },
        artifacts: [{ location: { uri: 'src/pages/cart.js', uriBaseId: '%SRCROOT%', index: 0 } }],
        results: [
          {
            ruleId: 'js/xss',
            ruleIndex: 0,
            rule: { id: 'js/xss', index: 0 },
            message: { text: 'Cross-site scripting due to [a user-provided value](1).' },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'src/pages/cart.js', uriBaseId: '%SRCROOT%', index: 0 },
                  region: { startLine: line, startColumn: 9, endColumn: 31 },
                },
              },
            ],
            partialFingerprints: {
              primaryLocationLineHash: hash,
              primaryLocationStartColumnFingerprint: String(line),
            },
          },
          { ruleId: 'js/summary', ruleIndex: 1, message: { text: 'lines of code: 4711' } },
        ],
        columnKind: 'utf16CodeUnits',
      },
    ],
  };
}

/** Semgrep: no artifacts, an empty list of suppressions or one, a fingerprint that only its service fills in. */
export function semgrep(line = 3) {
  const result = (at: number, suppressions: unknown[]) => ({
    fingerprints: { 'matchBasedId/v1': 'requires login' },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'app/db.py', uriBaseId: '%SRCROOT%' },
          region: { startLine: at, endLine: at, snippet: { text: 'cursor.execute(q)' } },
        },
      },
    ],
    message: { text: `Found a query in line ${at} that is built of text.` },
    properties: {},
    ruleId: 'python.sql-injection',
    suppressions,
  });
  return {
    version: '2.1.0',
    runs: [
      {
        invocations: [{ executionSuccessful: true }],
        results: [result(line, []), result(line + 7, [{ kind: 'inSource' }])],
        tool: { driver: { name: 'Semgrep OSS', rules: [{ id: 'python.sql-injection' }] } },
      },
    ],
  };
}

/** ESLint: every file in the artifacts, clean ones too, by URL; equal messages in one file. */
export function esLint(times = 2) {
  const result = (startLine: number) => ({
    level: 'warning',
    message: { text: 'Unexpected console statement.' },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'file:///workspace/src/a%20b.js', index: 0 },
          region: { startLine, startColumn: 1 },
        },
      },
    ],
    ruleId: 'no-console',
    ruleIndex: 0,
  });
  return {
    version: '2.1.0',
    $schema: 'http://json.schemastore.org/sarif-2.1.0-rtm.5',
    runs: [
      {
        tool: { driver: { name: 'ESLint', rules: [{ id: 'no-console' }], version: '9.0.0' } },
        artifacts: ['a%20b', 'c', 'd', 'e'].map((file) => ({
          location: { uri: `file:///workspace/src/${file}.js` },
        })),
        results: Array.from({ length: times }, (_, n) => result(10 * n + 1)),
      },
    ],
  };
}

/** A log of one result, to change single properties of. */
export function oneResult(result: object, run: object = {}) {
  return {
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'tool' } }, results: [{ message: { text: 'no' }, ...result }], ...run }],
  };
}
