import { ServicesClient } from '@google-cloud/run';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { LocalCloud } from '../../../infra/local/local-cloud.ts';
import { googleClientOptions } from '../../../shared/adapters/google/client-options.ts';
import { GoogleCloudRun } from '../../../shared/adapters/google/google-cloud-run.ts';
import { GoogleLogs } from '../../../shared/adapters/google/google-logs.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { ask } from '../../local/ask.ts';
import { sampleImage } from './cloud-run-fixture.ts';

const ref = { project: 'local-project', region: 'us-central1', service: 'evidence' };
const window = () => ({ from: new Date(Date.now() - 60_000), to: new Date(Date.now() + 60_000) });

describe("what a diagnosis reads of a revision, by Google's own clients", () => {
  let cloud: LocalCloud;
  let run: GoogleCloudRun;
  let logs: GoogleLogs;
  let revision: RevisionName;

  beforeAll(async () => {
    const image = webContainer({ HEALTH: '503', PAGES: '503', TRACEBACK: '1' });
    cloud = await LocalCloud.start({ profile: 'fast', images: { [sampleImage]: image } });
    const options = { endpoint: cloud.endpoint };
    const client = new ServicesClient(await googleClientOptions(options));
    const container = {
      image: sampleImage,
      env: [
        { name: 'GREETING', value: 'hello' },
        { name: 'KEY', valueSource: { secretKeyRef: { secret: 'key', version: '3' } } },
      ],
      resources: { limits: { memory: '512Mi' } },
      ports: [{ containerPort: 8080 }],
    };
    const [creating] = await client.createService({
      parent: `projects/${ref.project}/locations/${ref.region}`,
      serviceId: ref.service,
      service: { template: { containers: [container], labels: { team: 'shop' } }, invokerIamDisabled: true },
    });
    await creating.promise();
    await client.close();
    run = new GoogleCloudRun(options);
    logs = new GoogleLogs(options);
    const found = (await run.getService(ref))?.latestReadyRevision;
    if (!found) throw new Error('a ready revision expected');
    revision = found;
    await ask(cloud, ref.service, '/cart?token=abc');
    await cloud.logging.readable('log_id("run.googleapis.com/requests")');
  });
  afterAll(async () => {
    await Promise.all([run.close(), logs.close()]);
    await cloud.stop();
  });

  it('has every line that the container printed, whatever its severity, in order', async () => {
    const { entries, complete } = await logs.listEntries({ ref, revision, ...window() }, 'output');
    expect(complete).toBe(true);
    const texts = entries.map(({ text }) => text);
    expect(texts.findIndex((text) => text.startsWith('Traceback'))).toBeLessThan(
      texts.findIndex((text) => text.startsWith('IndentationError')),
    );
    expect(new Set(entries.map(({ source }) => source))).toEqual(new Set(['output']));
  });

  it('has the requests that failed, without their queries', async () => {
    const { entries } = await logs.listEntries({ ref, revision, ...window() }, 'platform');
    expect(entries).toContainEqual(
      expect.objectContaining({ source: 'request', text: 'GET /cart: status 503', severity: 'ERROR' }),
    );
  });

  it('has its settings, and of secrets the name and the version', async () => {
    const settings = await run.getSettings(ref, revision);
    expect(Object.fromEntries(settings ?? [])).toMatchObject({
      image: sampleImage,
      'env.GREETING': 'hello',
      'env.KEY': 'secret key:3',
      'resources.limits.memory': '512Mi',
      'labels.team': 'shop',
    });
    const names = [...(settings?.keys() ?? [])];
    expect(names.filter((name) => /^(?:name|uid|etag|conditions|createTime)/.test(name))).toEqual([]);
  });

  it('is nothing of a revision that does not exist', async () => {
    expect(await run.getSettings(ref, 'evidence-00099-abc' as RevisionName)).toBeUndefined();
  });
});
