import type { Category } from './categories.ts';
import type { Incident } from './evidence.ts';
import type { Sign } from './find-signs.ts';
import { exception } from './rule.ts';

/** What a failure broke; the meaning of an exception depends on it. */
export interface Circumstances {
  /** The process did not come up, or does not stay up. */
  readonly atStart: boolean;
  readonly onWebSocket: boolean;
  /** Tests failed, and no more is known to be broken. */
  readonly inTests: boolean;
}

const startNames = new Set(['worker-boot', 'application-startup', 'not-ready', 'asgi-import', 'crash-loop']);
const startWords =
  /\b(?:deploy(?:ment)?:|not ready|fails? to start|failed to start|crash|exit code|start-?up|container)\b|\b50[23]\b.{0,80}\ball\b/i;

export function tellCircumstances({ evidence }: Incident, signs: readonly Sign[]): Circumstances {
  const symptoms = evidence.filter(({ source }) => source === 'symptom').map(({ text }) => text);
  const atStart =
    signs.some(({ rule }) => rule.layer === 'platform' && rule.means.startsWith('container-startup')) ||
    signs.some(({ rule }) => startNames.has(rule.name)) ||
    symptoms.some((text) => startWords.test(text) || /^http: 50[23]$/.test(text));
  return {
    atStart,
    onWebSocket: signs.some(({ rule }) => rule.means === 'websocket-internal-error(1011)'),
    inTests: symptoms.some((text) => /^tests?:/.test(text)),
  };
}

/** The category of a sign in its circumstances. */
export function meaningOf({ rule }: Sign, { atStart, onWebSocket }: Circumstances): Category {
  if (rule.means !== exception) return rule.means;
  if (onWebSocket) return 'websocket-internal-error(1011)';
  return atStart ? 'container-startup-failure/runtime-exception' : 'app-logic-regression';
}
