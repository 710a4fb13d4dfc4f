/** A whole config file around one service; `lines` are added to it. */
export function configText(...lines: readonly string[]): string {
  return [
    'version: 1',
    'services:',
    '  - name: backend',
    '    project: acme-staging',
    '    region: us-central1',
    ...lines.map((line) => `    ${line}`),
    '',
  ].join('\n');
}
