import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import type { FaultRequest } from '../../../infra/local/faults.ts';
import { functionNames } from '../../../infra/local/pipeline/function-names.ts';
import { describeWithFirestore } from '../../emulators/needs.ts';
import { Puppet, unavailable } from '../puppet.ts';
import { TcpGate } from '../tcp-gate.ts';
import { type Deployed, FunctionsStack, stackStartMs } from './functions-stack.ts';

const broken = webContainer({ HEALTH: '503' });
const away: FaultRequest = { code: status.UNAVAILABLE, message: 'The service is currently unavailable.' };
/** A read is given up after 9 s, and an outage lasts as long as one. */
const timeoutMs = 60_000;
const restored = { state: 'closed', verdict: 'fail', outcome: { code: 'restored' } };

describeWithFirestore('the functions, when something is away in the middle of a rollback,', () => {
  let gate: TcpGate;
  let stack: FunctionsStack;
  jest.setTimeout(timeoutMs);
  beforeAll(async () => {
    gate = await TcpGate.start(process.env.FIRESTORE_EMULATOR_HOST ?? '');
    const firestoreHosts = Object.fromEntries(functionNames.map((name) => [name, gate.host]));
    const services = ['database', 'platform', 'process'];
    // An outage may outlast five deliveries, which follow one another within seconds here.
    stack = await FunctionsStack.start({ services, firestoreHosts, maxDeliveryAttempts: 100 });
  }, stackStartMs);
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    await gate.close();
  });

  /** Every rollback of this suite ends like this, whatever happened on the way. */
  async function expectRestored({ ref, runId }: Deployed, writesBefore: bigint): Promise<void> {
    const { run, trafficChanges } = await stack.report(runId);
    expect(run).toMatchObject(restored);
    expect(await stack.serving(ref.service)).toEqual({ [run.stable ?? '']: 100 });
    expect((await stack.writes(ref.service)) - writesBefore).toBe(1n);
    expect(trafficChanges.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
  }

  it('say so without Firestore, ask for their messages again, and restore once it is back', async () => {
    const refused = stack.delivery(({ outcome }) => outcome.kind !== 'acked');
    gate.shut();
    const deployed = await stack.build('database', broken);
    const writes = await stack.writes('database');
    const [answer, { outcome }] = await Promise.all([
      stack.pipeline.ask('serve-reports', { path: '/api/runs' }),
      refused,
    ]);
    expect(answer).toMatchObject({ status: 503, text: expect.stringContaining('try again') });
    expect(outcome).toEqual({ kind: 'nacked', status: 503 });
    gate.open();
    await stack.pipeline.idle();
    await expectRestored(deployed, writes);
  });

  it('restore when the Run API is back', async () => {
    stack.pipeline.pubsub.pause('deploy-loop-route-traffic');
    const decided = stack.delivery(
      ({ subscription, outcome }) => subscription === 'deploy-loop-cloud-builds' && outcome.kind === 'acked',
    );
    const deployed = await stack.build('platform', broken);
    const writes = await stack.writes('platform');
    await decided;
    stack.cloud.faults.next('GetService', { ...away, times: 9 });
    stack.cloud.faults.next('UpdateService', { ...away, times: 3 });
    stack.pipeline.pubsub.resume('deploy-loop-route-traffic');
    await stack.pipeline.idle();
    await expectRestored(deployed, writes);
  });

  it('go on in a new process after SIGTERM in the middle of a message', async () => {
    let killed: Promise<void> | undefined;
    await using puppet = await Puppet.start(async () => {
      killed ??= stack.pipeline.kill('begin-validation', 'SIGTERM');
      await killed;
      return unavailable;
    });
    const interrupted = stack.delivery(({ outcome }) => outcome.kind !== 'acked');
    const deployed = await stack.build('process', puppet.container);
    const writes = await stack.writes('process');
    expect(await interrupted).toMatchObject({ subscription: 'deploy-loop-cloud-builds', attempt: 1 });
    await stack.pipeline.idle();
    await expectRestored(deployed, writes);
  });
});
