import { dirtyFiles, type Finding, type Scan } from '../../domain/audits/scan.ts';
import { hashOf } from '../../domain/ids.ts';
import { oneLine } from '../../domain/render/one-line.ts';
import type { Sarif, SarifResult, SarifRun } from './sarif.ts';

const keptRule = 100;
const keptFile = 200;

/**
 * What several SARIF files say of the same sources, as one scan.
 * @param files the number of all files that were scanned; undefined: as far as the files say it
 */
export function scanOfSarif(sarifs: readonly Sarif[], files?: number): Scan {
  const runs = sarifs.flatMap((sarif) => sarif.runs);
  const named = runs.flatMap(namedIn);
  const findings = withKeys(named);
  const known = files ?? filesOf(runs, findings);
  return {
    tools: [...new Set(runs.map(({ tool }) => oneLine(tool.driver.name, keptRule)))],
    findings,
    ...(known !== undefined && { files: known }),
  };
}

type Rule = NonNullable<SarifRun['tool']['driver']['rules']>[number];

/** A finding without its number among equal ones. */
interface Named extends Omit<Finding, 'key'> {
  readonly print: string;
}

function namedIn(run: SarifRun): readonly Named[] {
  const rules = run.tool.driver.rules ?? [];
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  return (run.results ?? []).flatMap((result) => {
    const index = result.ruleIndex ?? result.rule?.index ?? -1;
    const id = result.ruleId ?? result.rule?.id;
    const rule = index >= 0 ? rules[index] : byId.get(id);
    if (!isFinding(result, rule)) return [];
    return [{ rule: id ?? rule?.id ?? '', file: fileOf(result, run), print: printOf(result) }];
  });
}

/** Present, not suppressed, and a fault: a result of another kind than `fail` is none, nor is one of level `none`. */
function isFinding(
  { kind, level, suppressions, baselineState }: SarifResult,
  rule: Rule | undefined,
): boolean {
  const isSuppressed = suppressions?.some(({ status }) => (status ?? 'accepted') === 'accepted') ?? false;
  const isFault = (kind ?? 'fail') === 'fail' && (level ?? rule?.defaultConfiguration?.level) !== 'none';
  return isFault && !isSuppressed && baselineState !== 'absent';
}

function fileOf({ locations }: SarifResult, { artifacts }: SarifRun): string {
  const place = locations?.[0]?.physicalLocation?.artifactLocation;
  return plainFile(place?.uri ?? artifacts?.[place?.index ?? -1]?.location?.uri ?? '');
}

/** The same for `file:///workspace/src/a.ts`, `./src/a%20b.ts` and `src\a.ts`, apart from the folder that it is in. */
function plainFile(uri: string): string {
  const path = decoded(uri).replaceAll('\\', '/');
  return path.replace(/^file:\/{0,2}/, '').replace(/^(\.\/)+/, '');
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

/**
 * What makes it the same finding in another scan: the hash of its line, where the tool gives one, else all of its
 * partial fingerprints, else its message without its numbers.
 */
function printOf({ partialFingerprints, message }: SarifResult): string {
  const prints = partialFingerprints ?? {};
  const line = prints.primaryLocationLineHash;
  if (line !== undefined) return line;
  const all = Object.entries(prints).map(([name, value]) => `${name}=${value}`);
  if (all.length > 0) return all.sort().join(' ');
  const said =
    message?.text ?? message?.markdown ?? [message?.id ?? '', ...(message?.arguments ?? [])].join(' ');
  return said.replace(/\d+/g, '0').replace(/\s+/g, ' ').trim();
}

/** Equal findings are told apart by their number: one more of them is a new one. */
function withKeys(named: readonly Named[]): readonly Finding[] {
  const seen = new Map<string, number>();
  return named.map(({ rule, file, print }) => {
    const same = JSON.stringify([rule, file, print]);
    const n = (seen.get(same) ?? 0) + 1;
    seen.set(same, n);
    return { key: hashOf(same, String(n)), rule: oneLine(rule, keptRule), file: oneLine(file, keptFile) };
  });
}

/** Undefined: all files that are listed have findings, so the others are not listed. */
function filesOf(runs: readonly SarifRun[], findings: readonly Finding[]): number | undefined {
  const listed = runs
    .flatMap(({ artifacts }) => artifacts ?? [])
    .flatMap(({ location }) => location?.uri ?? []);
  const all = new Set(listed.map((uri) => oneLine(plainFile(uri), keptFile)));
  const dirty = dirtyFiles({ findings });
  const hasClean = [...all].some((file) => !dirty.has(file));
  return hasClean ? new Set([...all, ...dirty]).size : undefined;
}
