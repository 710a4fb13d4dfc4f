import { describe, expect, it } from '@jest/globals';
import type { ProbeAnswer } from '../../../shared/domain/health/probe-answer.ts';
import { probeWithPage } from '../../../shared/ports/probe-with-page.ts';
import { answers, respond } from '../../world/fake-cloud.ts';

const request = {
  url: 'https://web.run.test/',
  timeoutMs: 1000,
  authenticate: 'never',
  audience: 'https://web.run.test',
} as const;

async function ask(method: string, head: ProbeAnswer, get: ProbeAnswer) {
  const asked: (string | undefined)[] = [];
  const prober = {
    probe: async ({ method: given }: { method?: string | undefined }) => {
      asked.push(given);
      return given === 'HEAD' ? head : get;
    },
  };
  return { answer: await probeWithPage(prober, { ...request, method }), asked };
}

describe('a probe with HEAD', () => {
  it.each([
    ['a page of IAM', 403, answers.forbidden()],
    ["the platform's 404", 404, answers.platformNotFound()],
    ['no available instance', 429, respond(429, 'Rate exceeded.')],
  ])('is known to be answered by the platform by what GET says: %s', async (_what, status, page) => {
    expect((await ask('HEAD', respond(status, ''), page)).answer).toEqual(page);
  });

  it('is answered by the service where that has no page of the platform', async () => {
    const head = respond(404, '');
    const { answer, asked } = await ask('HEAD', head, respond(200, 'hello'));
    expect(answer).toBe(head);
    expect(asked).toEqual(['HEAD', 'GET']);
  });

  it('is asked once where the answer cannot be the platform', async () => {
    expect((await ask('HEAD', respond(200, ''), answers.good())).asked).toEqual(['HEAD']);
    expect((await ask('GET', answers.forbidden(), answers.forbidden())).asked).toEqual(['GET']);
  });
});
