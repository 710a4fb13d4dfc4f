import type { Category } from './categories.ts';
import type { Incident } from './evidence.ts';
import type { Sign } from './find-signs.ts';
import { exception } from './rule.ts';

/** What a failure broke; the meaning of an exception depends on it. */
export interface Circumstances {
  /** The process did not come up, or does not stay up. */
  readonly atStart: boolean;
  readonly onWebSocket: boolean;
  /** What was noticed is no failure: frightening lines alone prove nothing. */
  readonly isServing: boolean;
  /** Tests failed, and nothing is known to be broken for users. */
  readonly inTests: boolean;
}

const startNames = new Set(['worker-boot', 'application-startup', 'not-ready', 'asgi-import', 'crash-loop']);
const startWords =
  /\b(?:deploy(?:ment)?:|not ready|fails? to start|failed to start|crash\w*|exit code|start-?up|boot|container|does not start)\b|\b50[23]\b.{0,80}\ball\b/i;

const servingWords = /^http: 200$|all passed|^healthy\b|service works/i;
const failureWords =
  /fail|degraded|broken|error|\b[45]\d\d\b|\b10(?:06|08|11)\b|timeout|timed out|old|refused|crash|skew|missing|flap|down\b|passed of/i;

export function tellCircumstances({ evidence }: Incident, signs: readonly Sign[]): Circumstances {
  const symptoms = evidence.filter(({ source }) => source === 'symptom').map(({ text }) => text);
  // What a log looks like is no failure of anything.
  const noticed = symptoms.filter((text) => !text.startsWith('log:'));
  const atStart =
    signs.some(({ rule }) => rule.layer === 'platform' && rule.means.startsWith('container-startup')) ||
    signs.some(({ rule }) => startNames.has(rule.name)) ||
    symptoms.some((text) => startWords.test(text) || /^http: 50[23]$/.test(text));
  return {
    atStart,
    onWebSocket: signs.some(({ rule }) => rule.means === 'websocket-internal-error(1011)'),
    isServing:
      noticed.some((text) => servingWords.test(text)) && !noticed.some((text) => failureWords.test(text)),
    inTests:
      noticed.some((text) => /^tests?:/.test(text)) &&
      !noticed.some((text) => /^(?:http|ws|path)\b/.test(text)),
  };
}

/** The category of a sign in its circumstances. */
export function meaningOf({ rule }: Sign, { atStart, onWebSocket, inTests }: Circumstances): Category {
  if (inTests && rule.means === 'auth-failure') return 'test-environment-misconfigured';
  // Nothing is broken for users: the module is missing where the tests run.
  if (inTests && rule.means === 'container-startup-failure/missing-module') return 'test-collection-error';
  if (rule.means !== exception) return rule.means;
  if (onWebSocket) return 'websocket-internal-error(1011)';
  return atStart ? 'container-startup-failure/runtime-exception' : 'app-logic-regression';
}
