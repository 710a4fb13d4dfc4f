import type { RevisionName } from '../ids.ts';
import { cutText } from '../render/cut-text.ts';

/**
 * Why a check has no new result: it is a command's or needs a secret, so it was not run again; it was beyond the limit
 * or out of time; or it ended without a result that counts.
 */
export const unseenCauses = ['command', 'secret', 'limit', 'no-result'] as const;
export type UnseenCause = (typeof unseenCauses)[number];

/** The failed checks that caused a rollback, run again on the revision that serves users since. */
export interface RepeatedChecks {
  /** The serving revision; of several, the one with the most traffic. */
  readonly revision: RevisionName;
  readonly passed: number;
  /** Those that failed twice. */
  readonly failed: readonly FailedCheck[];
  readonly unseen: readonly UnseenChecks[];
}

export interface FailedCheck {
  readonly suite: string;
  readonly id: string;
  readonly detail?: string | undefined;
}

export interface UnseenChecks {
  readonly cause: UnseenCause;
  readonly checks: number;
}

/** `3 passed, 2 of command suites not run again` */
export function describeRepeated({ passed, failed, unseen }: RepeatedChecks): string {
  const parts = [
    ...(passed > 0 ? [`${passed} passed`] : []),
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...unseen.map(({ cause, checks }) => `${checks} ${unseenTexts[cause]}`),
  ];
  return parts.join(', ') || 'not known which';
}

const unseenTexts: { readonly [C in UnseenCause]: string } = {
  command: 'of command suites not run again',
  secret: 'with secrets not run again',
  limit: 'over the limit not run again',
  'no-result': 'without a result',
};

const shown = 3;
const shownLength = 120;

/** `check checkout/pay fails on web-1 too (HTTP 500)`; undefined: none does. */
export function describeFailing({ failed, revision }: RepeatedChecks): string | undefined {
  const [first] = failed;
  if (!first) return undefined;
  const names = failed.slice(0, shown).map(({ suite, id }) => cutText(`${suite}/${id}`, shownLength));
  const more = failed.length > shown ? ` and ${failed.length - shown} more` : '';
  const why = first.detail === undefined ? '' : ` (${cutText(first.detail, shownLength)})`;
  const [checks, fail] = failed.length === 1 ? ['check', 'fails'] : ['checks', 'fail'];
  return `${checks} ${names.join(', ')}${more} ${fail} on ${revision} too${why}`;
}
