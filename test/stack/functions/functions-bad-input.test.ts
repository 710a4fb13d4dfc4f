import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { pushAccountOf } from '../../../infra/local/pipeline/pipeline-options.ts';
import { oidcToken } from '../../../infra/local/pubsub/oidc-token.ts';
import { rejections } from '../../../shared/contracts/records.ts';
import { describeWithFirestore } from '../../emulators/needs.ts';
import { FunctionsStack, stackStartMs } from './functions-stack.ts';

const broken = webContainer({ HEALTH: '503' });
const canary = 'canary-3f9c1e';
const base64 = (text: string) => Buffer.from(text).toString('base64');

describeWithFirestore('the functions, behind push subscriptions that sign,', () => {
  let stack: FunctionsStack;
  beforeAll(async () => {
    stack = await FunctionsStack.start({ services: ['forged', 'later'], private: ['private'], auth: 'iam' });
  }, stackStartMs);
  afterAll(() => stack[Symbol.asyncDispose]());

  const tokenFor = (
    changes: { readonly email?: string; readonly audience?: string; readonly at?: Date } = {},
  ) => {
    const email = changes.email ?? pushAccountOf(stack.pipeline.pubsub.projectId);
    const audience = changes.audience ?? stack.pipeline.urlOf('begin-validation');
    return `Bearer ${oidcToken({ email, audience }, changes.at ?? new Date())}`;
  };

  async function push(
    authorization: string | undefined,
    body: string,
    more: Readonly<Record<string, string>> = {},
  ) {
    const headers = { 'content-type': 'application/json', ...(authorization && { authorization }), ...more };
    return await stack.pipeline.ask('begin-validation', { method: 'POST', headers, body });
  }

  const envelope = (message: object, subscription = stack.subscription('deploy-loop-cloud-builds')) =>
    JSON.stringify({ message, subscription });

  async function rejected() {
    const { store } = stack.pipeline.ports;
    const found = await store.find({ collection: rejections, where: [], limit: 100 });
    return found.map(({ data: { hop, reason } }) => `${hop}: ${reason.code}`).sort();
  }

  it('refuse a push that anybody else sends, and record nothing of it', async () => {
    stack.pipeline.pubsub.pause('deploy-loop-cloud-builds');
    const { runId } = await stack.build('forged', broken);
    const body = envelope(stack.newestMessage());
    const runs = (await stack.reports()).length;

    const statuses = [
      await push(undefined, body),
      await push('Bearer nonsense', body),
      await push(tokenFor({ at: new Date(0) }), body),
      await push(tokenFor({ email: 'someone@evil.test' }), body),
      await push(tokenFor({ audience: stack.pipeline.urlOf('check-health') }), body),
      await push(tokenFor(), envelope(stack.newestMessage(), 'projects/evil/subscriptions/mine')),
    ].map((answer) => answer.status);

    expect(statuses).toEqual([401, 401, 401, 403, 403, 403]);
    expect(await stack.reports()).toHaveLength(runs);
    expect(await rejected()).toEqual([]);
    stack.pipeline.pubsub.resume('deploy-loop-cloud-builds');
    await stack.pipeline.idle();
    expect((await stack.report(runId)).run.outcome?.code).toBe('restored');
  });

  it('put on record what will never be a message, and go on with the next', async () => {
    const { pubsub } = stack.pipeline;
    const junk = [
      Buffer.from(canary),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('{"kind":"build","name":"../x"}'),
      Buffer.from('['),
    ];
    for (const data of junk)
      pubsub.publish('deploy-loop-begin-validation', { data, attributes: { hop: canary } });
    await stack.pipeline.idle();
    expect(await rejected()).toEqual(junk.map(() => 'begin-validation: malformed'));

    const answers = [
      await push(tokenFor(), `{"message":"${canary}`),
      await push(tokenFor(), '{}', { 'content-type': 'application/json; charset=klingon' }),
      await push(tokenFor(), `${'['.repeat(10_000)}${']'.repeat(10_000)}`),
      await push(tokenFor(), envelope({ data: base64('{}'), attributes: { __proto__: canary } })),
    ].map((answer) => answer.status);
    expect(answers.slice(0, 3)).toEqual([400, 415, 204]);
    expect(Object.hasOwn(Object.prototype, canary)).toBe(false);

    const { runId } = await stack.build('later', webContainer());
    await stack.pipeline.idle();
    expect((await stack.report(runId)).run.verdict).toBe('pass');
  });

  it('give up a message after five deliveries, and record that they did, with its ids', async () => {
    const before = await rejected();
    // Each delivery asks twice.
    stack.cloud.faults.next('GetBuild', { code: status.UNAVAILABLE, message: 'away', times: 10 });
    await stack.build('later', webContainer());
    await stack.pipeline.idle();
    expect(await rejected()).toEqual(
      [...before, 'begin-validation: given-up', 'record-dead-letter: dead-letter'].sort(),
    );
  });

  it('print no token and nothing that a message carried', async () => {
    const { runId } = await stack.build('private', broken, { private: true });
    await stack.pipeline.idle();
    expect((await stack.report(runId)).run.outcome?.code).toBe('restored');

    const printed = stack.pipeline.printed().join('\n');
    expect(printed).toContain('rejected: ');
    for (const secret of [canary, base64(canary), 'local:http', 'SIGNATURE_REMOVED', 'eyJ'])
      expect(printed).not.toContain(secret);
  });
});
