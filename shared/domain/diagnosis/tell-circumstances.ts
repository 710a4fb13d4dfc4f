import type { Category } from './categories.ts';
import type { EvidenceSource, Incident } from './evidence.ts';
import type { Sign } from './find-signs.ts';
import type { Line } from './lines-of.ts';
import { isTestCode, ownFrame } from './own-frame.ts';
import { exception } from './rule.ts';

/** What a failure broke; the meaning of an exception depends on it. */
export interface Circumstances {
  /** The process did not come up, or does not stay up. */
  readonly atStart: boolean;
  readonly onWebSocket: boolean;
  /** What was noticed is no failure: frightening lines alone prove nothing. */
  readonly isServing: boolean;
  /** Nothing but the look of a log was noticed. */
  readonly isLogAlone: boolean;
  /** Tests failed, and nothing is known to be broken for users. */
  readonly inTests: boolean;
  /** Users, callers or a deploy are known to be hit. */
  readonly hitsUsers: boolean;
  /** The image was not made. */
  readonly inBuild: boolean;
}

const startNames = new Set([
  'worker-boot',
  'application-startup',
  'not-ready',
  'asgi-import',
  'crash-loop',
  'functions-framework',
]);
const startWords =
  /\b(?:deploy(?:ment|s)?:|not ready|fails? to start|failed to start|crash\w*|exit(?:s|ed)?\b|exit code|start-?up|boot\w*|containers?\b|(?:does|did|do) ?n[o']t (?:start|come up)|health ?check)|\b50[23]\b.{0,80}\ball\b/i;

const servingWords =
  /^http(?: ?status)?: (?:"?200|2xx)|all (?:\w+ )?(?:passed|green|pass\b|200)|\bhealthy\b|(?:service|app|site|endpoint|api|traffic|deploy\w*|requests?|probes?|health\w*)\b.{0,40}\b(?:works?|working|ok\b|fine|normal\w*|succe\w+|unaffected|serves?|serving|green|200)\b|no (?:user |visible |real )?(?:impact|failure|outage|errors? for users)|(?:deploy\w*|job|revision): (?:success|succeeded|ok|ready|green)/i;
const failureWords =
  /fail|degraded|broken|\b[45]\d\d\b|\b[45]xx\b|\b10(?:06|08|11)\b|timeout|timed out|\bold\b|refused|crash|skew|missing|flap|down\b|passed of|(?:not|n't) (?:work|ready|start|respond|reach|serv)|unreachable|unhealthy|\bbut\b/i;
const errorWord = /\berrors?\b/i;
const worksWord = /\b(?:works?|working|unaffected|no (?:user )?impact|normal\w*|still serv\w+)\b/i;

const testWords =
  /^(?:\w+[_-])?(?:tests?|specs?|suite|pytest|jest|vitest|mocha|playwright|cypress|e2e|ci)\b|^\w*[tT]ests?\w*:|\b(?:pytest|jest|vitest|mocha|playwright|cypress|unittest|(?:e2e|smoke)[ -](?:run|job|suite|tests?))\b/;
const userWords = /^(?:https?(?! ?: ?"?2)|ws|websocket|deploy\w*|users?|db|crash|container|service)\b/i;
const buildWords = /^(?:build|docker|image build)\w*:/i;
/** Fields of a symptom that tell where and when, and not what. */
const placeWords =
  /^(?:path|revision|scope|count|where|when|after|since|service|commit|region|env\w*|url|method|endpoint|log\w*|severity|note)\b/i;

export function tellCircumstances({ evidence }: Incident, signs: readonly Sign[]): Circumstances {
  const symptoms = evidence.filter(({ source }) => source === 'symptom').map(({ text }) => text);
  // What a log looks like is no failure of anything.
  const noticed = symptoms.filter((text) => !/^(?:logs?|severity|alert):/.test(text));
  const neverStarted = signs.some(
    ({ rule }) =>
      rule.layer === 'platform' &&
      (rule.means.startsWith('container-startup') || rule.means.startsWith('port-not-listening')),
  );
  const hitsUsers =
    noticed.some((text) => userWords.test(text)) && !noticed.some((text) => testWords.test(text));
  const isUp = symptoms.some((text) => /^(?:path|ws|websocket)\b/i.test(text));
  return {
    hitsUsers,
    atStart:
      neverStarted ||
      signs.some(({ rule }) => startNames.has(rule.name)) ||
      (!isUp && symptoms.some((text) => startWords.test(text))) ||
      (!isUp && symptoms.some((text) => /^http: 50[23]$/.test(text))),
    onWebSocket: signs.some(({ rule }) => rule.means === 'websocket-internal-error(1011)'),
    isServing: noticed.some((text) => servingWords.test(text)) && noticed.every(isNoFailure),
    isLogAlone: symptoms.length > 0 && noticed.length === 0,
    inTests:
      (noticed.some((text) => testWords.test(text)) ||
        (noticed.length === 0 && signs.some(({ rule }) => rule.means.startsWith('test-')))) &&
      !noticed.some((text) => userWords.test(text)),
    inBuild:
      !neverStarted &&
      (symptoms.some((text) => buildWords.test(text)) ||
        signs.some(({ rule }) => rule.means === 'build-failure')),
  };
}

function isNoFailure(text: string): boolean {
  if (failureWords.test(text) || (errorWord.test(text) && !worksWord.test(text))) return false;
  return servingWords.test(text) || placeWords.test(text);
}

/** What the service or the platform wrote, tests did not. */
const notOfTests: readonly EvidenceSource[] = ['output', 'platform', 'request', 'diff', 'verdict'];

/** What a category means where the tests themselves run. */
const inTestRun: Partial<Record<Category, Category>> = {
  'auth-failure': 'test-environment-misconfigured',
  'missing-env-or-secret': 'test-environment-misconfigured',
  'build-failure': 'test-environment-misconfigured',
  'container-startup-failure/missing-module': 'test-collection-error',
  'container-startup-failure/syntax-error': 'test-collection-error',
  'container-startup-failure/entrypoint': 'test-environment-misconfigured',
  'container-startup-failure/runtime-exception': 'test-code-error',
};

/** The category of a sign in its circumstances. */
export function meaningOf(
  { rule, line, place }: Sign,
  { atStart, onWebSocket, inTests, inBuild }: Circumstances,
  lines: readonly Line[],
): Category {
  const mayBeTests = !notOfTests.includes(line.evidence.source);
  if (inTests && mayBeTests && rule.means !== exception) return inTestRun[rule.means] ?? rule.means;
  if (rule.means !== exception) {
    // What cannot be built is not deployed.
    const ofImage = rule.layer === 'cause' && rule.means.startsWith('container-startup-failure');
    return inBuild && ofImage ? 'build-failure' : rule.means;
  }
  if (rule.layer === 'cause' && mayBeTests) {
    const frame = ownFrame(lines, place);
    if (frame && isTestCode(frame.at)) return 'test-code-error';
    if (inTests && !frame) return 'test-code-error';
  }
  if (inBuild && rule.layer === 'cause') return 'build-failure';
  if (onWebSocket) return 'websocket-internal-error(1011)';
  return atStart ? 'container-startup-failure/runtime-exception' : 'app-logic-regression';
}
