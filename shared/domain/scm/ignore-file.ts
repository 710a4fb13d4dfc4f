import ignore from 'ignore';

/** A line of an ignore file that leaves something out. */
export interface IgnoreRule {
  /** From 1. */
  readonly line: number;
  readonly pattern: string;
}

/** The name of an ignore file; it tells the syntax. */
export type IgnoreFileName = '.dockerignore' | '.gcloudignore' | '.gitignore';

/**
 * The rule by which an ignore file leaves `path` out, as the tool that reads the file decides; undefined: it is kept.
 * @param path relative to the folder of the ignore file
 * @see docs.docker.com/build/concepts/context/#dockerignore-files (patterns begin at the root, the last match counts)
 * @see cloud.google.com/sdk/gcloud/reference/topic/gcloudignore (the syntax of .gitignore; `#!include` is not followed)
 */
export function ignoringRule(name: IgnoreFileName, text: string, path: string): IgnoreRule | undefined {
  const rules = rulesIn(text);
  const line = name === '.dockerignore' ? dockerLine(rules, path) : gitLine(rules, path);
  return rules.find((rule) => rule.line === line);
}

function rulesIn(text: string): readonly IgnoreRule[] {
  return text
    .split(/\r?\n/)
    .map((pattern, n) => ({ line: n + 1, pattern: pattern.trim() }))
    .filter(({ pattern }) => pattern !== '' && !pattern.startsWith('#'));
}

function gitLine(rules: readonly IgnoreRule[], path: string): number | undefined {
  const patterns = rules.map(({ line, pattern }) => ({ pattern, mark: String(line) }));
  const { rule } = ignore({ ignorecase: false }).add(patterns).checkIgnore(path);
  return rule?.mark === undefined ? undefined : Number(rule.mark);
}

/** Unlike Git, Docker takes files back in whose folder is left out. */
function dockerLine(rules: readonly IgnoreRule[], path: string): number | undefined {
  const last = rules.findLast(({ pattern }) => dockerMatches(pattern.replace(/^!/, ''), path));
  return last?.pattern.startsWith('!') ? undefined : last?.line;
}

function dockerMatches(pattern: string, path: string): boolean {
  const parts = pattern.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0 || parts.includes('..')) return false;
  return ignore({ ignorecase: false })
    .add({ pattern: `/${parts.join('/')}` })
    .ignores(path);
}
