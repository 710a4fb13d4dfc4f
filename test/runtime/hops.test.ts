import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { topology } from '../../infra/topology.ts';
import { type Hop, messageSchemas } from '../../shared/contracts/messages.ts';
import { functionNames, functionTable, hops, hopTable } from '../../shared/runtime/hops.ts';
import { type Right, rights } from '../../shared/runtime/rights.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** All modules that come with one, without what is imported when it is needed. @param path from the root */
function modulesWith(path: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  const imports = read(path).matchAll(/^(?:import|export) (?!type\b)(?:[^'();]* from )?'(\.[^']+)';/gm);
  for (const [, to = ''] of imports) {
    modulesWith(new URL(to, new URL(path, root)).href.slice(root.href.length), seen);
  }
  return seen;
}

/** A call that takes the right; the others are behind `checks`. */
const calls: Partial<Record<Right, RegExp>> = {
  'read-services': /\.(getService|getRevision|getSettings|listRevisions)\(/,
  'update-services': /\.updateTraffic\(/,
  'read-builds': /\.getBuild\(/,
  'read-request-logs': /\.listRequests\(/,
  'read-logs': /\.listEntries\(/,
  'ask-services': /\.(probe|converse)\(/,
  'start-jobs': /\b(runner\.collect|checks\.run)\(/,
  'read-secrets': /\bchecks\.run\(|\bscm\.connect\(/,
  'tell-others': /\bscm\.connect\(/,
  'write-records': /\.commit\(/,
};

const serviceOf = (hop: Hop) => `shared/services/${hop}.ts`;

describe('the table of hops', () => {
  it('has every hop that messages have', () => {
    expect(hops.toSorted()).toEqual(Object.keys(messageSchemas).toSorted());
  });

  it('has every function that there is', () => {
    const folders = readdirSync(new URL('functions', root), { withFileTypes: true });
    const names = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(functionNames.toSorted()).toEqual(names.toSorted());
  });

  it('lets one function alone update services', () => {
    const may = functionNames.filter((name) => functionTable[name].rights.includes('update-services'));
    expect(may).toEqual(['route-traffic']);
  });

  it('lets every hop write records, and whoever answers people only read them', () => {
    expect(hops.filter((hop) => !hopTable[hop].rights.includes('write-records'))).toEqual([]);
    expect(functionTable['serve-reports'].rights).toEqual(['read-records']);
  });

  it.each(hops)('loads the service of %s when it is asked for, and no other', async (hop) => {
    const others = hops.filter((other) => other !== hop).map(serviceOf);
    const loaded = modulesWith(serviceOf(hop));
    expect(await hopTable[hop].load()).toBeInstanceOf(Function);
    expect(others.filter((other) => loaded.has(other))).toEqual([]);
  });

  it.each(functionNames)('makes %s no slower to start by the services of others', (name) => {
    const entry = `functions/${name}/index.ts`;
    expect(existsSync(new URL(entry, root))).toBe(true);
    const loaded = modulesWith(entry);
    expect(loaded.size).toBeGreaterThan(10);
    expect(hops.map(serviceOf).filter((service) => loaded.has(service))).toEqual([]);
  });

  it.each(hops)('lets %s publish to no topic that its code does not', (hop) => {
    const code = [...modulesWith(serviceOf(hop))].map(read).join('\n');
    const published = [...code.matchAll(/\.publish\('([a-z-]+)'/g)].map(([, to]) => to);
    expect(hopTable[hop].publishes.filter((to) => !published.includes(to))).toEqual([]);
  });

  it.each(hops)('lets %s do nothing that its code does not', (hop) => {
    const code = [...modulesWith(serviceOf(hop))].map(read).join('\n');
    expect(hopTable[hop].rights.filter((right) => !calls[right]?.test(code))).toEqual([]);
  });

  it('is what infra/topology.json says (npm run topology writes it)', () => {
    expect(JSON.parse(read('infra/topology.json'))).toEqual(topology);
  });
});

describe('the table of the README', () => {
  const rows = read('README.md')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));

  it.each(functionNames)('says what %s may', (name) => {
    const row = rows.find(([, what]) => what?.includes(`\`${name}\``));
    const may = functionTable[name].rights.map((right) => rights[right]);
    expect(row?.[3]?.split(', ').toSorted()).toEqual(may.toSorted());
  });
});
