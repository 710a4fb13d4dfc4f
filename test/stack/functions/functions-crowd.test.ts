import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Container } from '../../../infra/local/process/container.ts';
import { describeWithFirestore } from '../../emulators/needs.ts';
import { type Deployed, FunctionsStack } from './functions-stack.ts';

const buildsPerService = 5;
const services = Array.from({ length: 20 }, (_, i) => `web-${i}`);
const timeoutMs = 120_000;

/** Answers `/health` with a status; smaller than the sample container, since a hundred of them run here. */
function small(status: 200 | 503): Container {
  const program = `require('node:http').createServer((_, response) => {
    response.writeHead(${status}).end('{"status":"healthy"}');
  }).listen(process.env.PORT)`;
  return { command: process.execPath, args: ['-e', program] };
}

/** Four good deploys, and a last one that is broken on every other service. */
async function deployAll(
  stack: FunctionsStack,
  service: string,
  isBroken: boolean,
): Promise<readonly Deployed[]> {
  const deployed: Deployed[] = [];
  for (let n = 1; n <= buildsPerService; n++) {
    const status = isBroken && n === buildsPerService ? 503 : 200;
    deployed.push(await stack.build(service, small(status)));
  }
  return deployed;
}

describeWithFirestore('100 builds of 20 services, whose messages come at once,', () => {
  let stack: FunctionsStack;
  beforeAll(async () => {
    // A hundred revisions on one machine answer late: that is its fault, and must not count as theirs.
    const expected = { status: 200, json: { status: 'healthy' }, latency: '10s' };
    const config = { health: { timeout: '10s', expect: expected } };
    // The same goes for their starts, twenty of which are under way at any time.
    const overrides = { startTimeoutMs: timeoutMs };
    stack = await FunctionsStack.start({ services, maxDeliveryAttempts: 100, config, overrides });
  }, timeoutMs);
  afterAll(() => stack[Symbol.asyncDispose]());

  it(
    'are judged once each, and every service ends where its newest deploy says',
    async () => {
      stack.pipeline.pubsub.pause('deploy-loop-cloud-builds');
      const deployed = await Promise.all(
        services.map((service, i) => deployAll(stack, service, i % 2 === 0)),
      );
      stack.pipeline.pubsub.resume('deploy-loop-cloud-builds');
      await stack.pipeline.idle();

      const reports = await stack.reports();
      expect(reports).toHaveLength(services.length * (buildsPerService + 1));
      expect(reports.filter(({ run }) => run.state !== 'closed' || run.verdict === undefined)).toEqual([]);
      const opened = new Set(reports.map(({ run }) => run.id));
      expect(deployed.flat().filter(({ runId }) => !opened.has(runId))).toEqual([]);
      for (const [i, service] of services.entries()) {
        const newest = deployed[i]?.at(-1);
        if (!newest) throw new Error('nothing was deployed');
        const { run, trafficChanges } = await stack.report(newest.runId);
        const [verdict, kind] = i % 2 === 0 ? ['fail', 'rollback'] : ['pass', 'mark-good'];
        const serving = verdict === 'fail' ? run.target : newest.revision;
        const { reasons } = run;
        expect({ service, reasons, verdict: run.verdict, serving: await stack.serving(service) }).toEqual({
          service,
          reasons,
          verdict,
          serving: { [serving ?? '']: 100 },
        });
        const made = trafficChanges.filter(({ effectId }) => effectId.endsWith(`.${kind}`));
        expect(made.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
      }
    },
    timeoutMs,
  );
});
