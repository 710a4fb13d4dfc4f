import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { wires } from '../../../infra/local/pipeline/wiring.ts';
import { describeWithFirestore } from '../../emulators/needs.ts';
import { FunctionsStack, stackStartMs } from './functions-stack.ts';

const broken = webContainer({ HEALTH: '503' });
const Page = z.object({ runs: z.array(z.object({ id: z.string() })) });
const Line = z.object({ severity: z.enum(['INFO', 'WARNING', 'ERROR']), message: z.string() });
const RunLine = Line.extend({ runId: z.string() });
const services = ['broken', 'healthy', 'announced-often', 'traced'];

describeWithFirestore('the functions, each in a process of its own,', () => {
  let stack: FunctionsStack;
  beforeAll(async () => {
    stack = await FunctionsStack.start({ services });
  }, stackStartMs);
  afterAll(() => stack[Symbol.asyncDispose]());

  it('put traffic back after a broken deploy, with one write, and tell of it to who asks', async () => {
    const stable = await stack.serving('broken');
    const { revision, runId } = await stack.build('broken', broken);
    const deployed = await stack.writes('broken');
    await stack.pipeline.idle();

    expect(await stack.serving('broken')).toEqual(stable);
    expect((await stack.writes('broken')) - deployed).toBe(1n);
    const list = await stack.pipeline.ask('serve-reports', { path: '/api/runs?verdict=fail&service=broken' });
    expect(Page.parse(JSON.parse(list.text)).runs).toEqual([expect.objectContaining({ id: runId })]);
    const one = await stack.pipeline.ask('serve-reports', { path: `/api/runs/${runId}` });
    expect(one).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(JSON.parse(one.text)).toMatchObject({
      run: {
        revision,
        verdict: 'fail',
        outcome: { code: 'restored' },
        trafficChanges: [{ outcome: 'accepted' }],
      },
    });
  });

  it('record a healthy deploy as last good, and leave its traffic alone', async () => {
    const { revision, runId } = await stack.build('healthy', webContainer({ VERSION: '2' }));
    await stack.pipeline.idle();

    expect((await stack.report(runId)).run).toMatchObject({ state: 'closed', verdict: 'pass' });
    expect(await stack.serving('healthy')).toEqual({ [revision]: 100 });
    const { text } = await stack.pipeline.ask('serve-reports', { path: '/api/services' });
    expect(JSON.parse(text)).toMatchObject({
      services: expect.arrayContaining([
        expect.objectContaining({
          name: 'healthy',
          lastGood: [expect.objectContaining({ revision }), expect.anything()],
        }),
      ]),
    });
  });

  it('make one run and one rollback of a message that comes 50 times at once', async () => {
    const stable = await stack.serving('announced-often');
    const { runId } = await stack.build('announced-often', broken);
    const deployed = await stack.writes('announced-often');
    for (let i = 1; i < 50; i++) stack.announceAgain();
    await stack.pipeline.idle();

    expect(await stack.serving('announced-often')).toEqual(stable);
    expect((await stack.writes('announced-often')) - deployed).toBe(1n);
    // The other run is the first revision's.
    expect(await stack.runCount('announced-often')).toBe(2);
    expect(await stack.report(runId)).toMatchObject({
      run: { verdict: 'fail', outcome: { code: 'restored' } },
      effects: [{ kind: 'rollback', state: 'done' }],
      trafficChanges: [{ outcome: 'accepted' }],
    });
  });

  it('carry the trace that began with a push from hop to hop, in messages and in logs', async () => {
    const trace = `${'ab'.repeat(16)}/7;o=1`;
    const traced = new Set<string>();
    const stopListening = stack.pipeline.pubsub.onDelivery(({ subscription, message }) => {
      if (message.attributes.trace === trace) traced.add(subscription);
    });
    stack.pipeline.pubsub.pause('deploy-loop-cloud-builds');
    const { runId } = await stack.build('traced', broken);
    const headers = { 'content-type': 'application/json', 'x-cloud-trace-context': trace };
    const body = JSON.stringify({
      message: stack.newestMessage(),
      subscription: stack.subscription('deploy-loop-cloud-builds'),
    });
    const { status } = await stack.pipeline.ask('begin-validation', { method: 'POST', headers, body });
    await stack.closed(runId);
    stack.pipeline.pubsub.resume('deploy-loop-cloud-builds');
    await stack.pipeline.idle();
    stopListening();

    expect(status).toBe(204);
    // What is between them is done in place.
    expect([...traced].sort()).toEqual([
      'deploy-loop-check-health',
      'deploy-loop-diagnose',
      'deploy-loop-route-traffic',
    ]);
    const field = `"logging.googleapis.com/trace":"projects/${stack.pipeline.pubsub.projectId}/traces/${'ab'.repeat(16)}"`;
    for (const name of ['begin-validation', 'check-health', 'route-traffic'] as const) {
      const lines = stack.pipeline.logs(name).map(({ text }) => text);
      expect(lines.filter((line) => line.includes(runId) && line.includes(field))).not.toEqual([]);
    }
  });

  it('do nothing more when every message of the day is delivered again', async () => {
    const seen = async () => ({
      states: await Promise.all(services.map((service) => stack.state(service))),
      reports: await stack.reports(),
    });
    const before = await seen();
    expect(before.reports).toHaveLength(2 * services.length);

    for (const { id } of wires) stack.pipeline.pubsub.seek(id, 'all');
    expect(stack.pipeline.pubsub.outstanding()).toBeGreaterThan(40);
    await stack.pipeline.idle();

    expect(await seen()).toEqual(before);
  });

  it('log one line of JSON for each event, with its severity, and with the run that it belongs to', async () => {
    const lines = stack.pipeline.printed().map((line) => Line.parse(JSON.parse(line)));
    expect(lines.length).toBeGreaterThan(20);
    const ids = new Set((await stack.reports()).map(({ run }) => run.id));
    for (const name of ['begin-validation', 'check-health', 'route-traffic'] as const) {
      const told = stack.pipeline
        .logs(name)
        .flatMap(({ text }) => RunLine.safeParse(JSON.parse(text)).data ?? []);
      expect(new Set(told.map(({ runId }) => runId))).toEqual(ids);
    }
  });
});
