import {
  brokenInstanceText,
  cannotStartText,
  notAuthenticatedText,
  notFoundPage,
} from '../platform-texts.ts';

/** An answer that the platform gives in place of the container. */
export interface PlatformAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const text = 'text/plain; charset=utf-8';

export const platformAnswers = {
  notFound: { status: 404, contentType: 'text/html; charset=UTF-8', body: notFoundPage },
  notAuthenticated: { status: 403, contentType: text, body: notAuthenticatedText },
  crashed: { status: 503, contentType: text, body: brokenInstanceText },
  cannotStart: { status: 500, contentType: text, body: cannotStartText },
} as const satisfies Record<string, PlatformAnswer>;
