import { describe, expect, it, test } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { formatSplit, specSplit } from '../../../shared/domain/service-state.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { recordsFile, Stack } from '../stack.ts';
import { runGcloud } from '../update-traffic.ts';

const broken = webContainer({ HEALTH: '503' });
const subscription = 'projects/acme-staging/subscriptions/deploy-loop';

describe('the message of a build', () => {
  test.each<[string, (message: object) => unknown]>([
    ['as Cloud Build publishes it', (message) => message],
    ['as Pub/Sub pushes it', (message) => ({ message, subscription, deliveryAttempt: 1 })],
    ['as gcloud pulls it, in a list', (message) => [{ ackId: 'aGVsbG8', message }]],
    ['as gcloud pulls it, one item of the list', (message) => ({ ackId: 'aGVsbG8', message })],
  ])('is understood %s', async (_what, wrap) => {
    await using stack = await Stack.start();
    const { stable } = await deployAfterGood(stack, broken);
    await stack.writeMessage(wrap);
    expect(await stack.guardMessage()).toMatchObject({ code: 1, run: { outcome: { code: 'restored' } } });
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });

  it('that comes again after traffic has changed claims nothing of what was restored', async () => {
    await using stack = await Stack.start();
    const { candidate } = await deployAfterGood(stack, broken);
    await stack.writeMessage((message) => message);
    await stack.guardMessage();
    await stack.cloud.faults.editTraffic(stack.ref, [{ revision: candidate, percent: 100 }]);
    const files = ['--message', 'message.json', '--config', 'deploy-loop.yaml', '--records', recordsFile];
    const { code, stdout } = await stack.cli('guard', ...files);
    expect(code).toBe(1);
    expect(stdout).toContain(`since then traffic has changed to ${candidate} 100 %`);
    expect(stdout).not.toMatch(/restored|traffic is back/);
  });

  it('is only a hint: what a build deployed is read from Cloud Build', async () => {
    await using stack = await Stack.start();
    await deployAfterGood(stack, broken);
    const claimed = {
      id: '00000000-0000-4000-8000-000000000000',
      projectId: stack.ref.project,
      status: 'SUCCESS',
    };
    const data = Buffer.from(JSON.stringify(claimed)).toString('base64');
    const before = await stack.state();

    await stack.writeMessage(() => ({ data }));
    const { code, reports, stderr } = await stack.guardMessage();

    expect({ code, reports }).toEqual({ code: 3, reports: [] });
    expect(stderr).toMatch(/^nothing was validated: Cloud Build has no such build.*\n$/);
    expect(await stack.state()).toEqual(before);
  });

  it('finds the revision without a label, by the time of the build', async () => {
    await using stack = await Stack.start();
    const { stable } = await deployAfterGood(stack, broken, { label: false });
    expect(await stack.guardBuild()).toMatchObject({ code: 1 });
    expect(await stack.serving()).toEqual({ [stable]: 100 });
  });

  it('opens a run for each service that the build deployed; one that fails makes the exit code', async () => {
    await using stack = await Stack.start({ services: ['web', 'api'] });
    const api = { ...stack.ref, service: 'api' };
    const { revision: goodWeb } = await stack.deploy(webContainer());
    await stack.deploy(webContainer(), { service: 'api' });
    await stack.apply();
    await stack.cloud.builds.run({
      deploys: [
        { service: 'web', container: broken },
        { service: 'api', container: webContainer() },
      ],
    });
    await Promise.all([stack.cloud.reconciled(stack.ref), stack.cloud.reconciled(api)]);

    const { code, reports } = await stack.guardBuild();

    expect(code).toBe(1);
    expect(reports.map(({ run }) => run.verdict).sort()).toEqual(['fail', 'pass']);
    expect(await stack.serving()).toEqual({ [goodWeb]: 100 });
    expect(await stack.serving(api)).not.toEqual({});
  });
});

describe('the undo command', () => {
  it('is printed after a rollback, and puts traffic back as it was', async () => {
    await using stack = await Stack.start();
    await deployAfterGood(stack, broken);
    const before = await stack.state();
    await stack.writeMessage();
    const { stdout } = await stack.cli(
      'guard',
      '--message',
      'message.json',
      '--config',
      'deploy-loop.yaml',
      '--records',
      'records.db',
    );
    const command = /^undo +(gcloud .+)$/m.exec(stdout)?.[1] ?? '';
    expect(command).toBe(
      'gcloud run services update-traffic web --project=acme-staging --region=us-central1 --to-latest',
    );
    await runGcloud(stack, command);
    const after = await stack.state();
    expect(after.serving).toEqual(before.serving);
    expect(specSplit(after.traffic, undefined)).toEqual(specSplit(before.traffic, undefined));
    expect(formatSplit(specSplit(after.traffic, undefined))).toBe('LATEST 100 %');
  });
});
