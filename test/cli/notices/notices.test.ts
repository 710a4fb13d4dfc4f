import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signatureOf } from '../../../shared/adapters/webhook/webhook-notifier.ts';
import { NoticesDocument, NotifyTestDocument } from '../../../shared/contracts/output/notice-output.ts';
import { PermanentError } from '../../../shared/domain/errors.ts';
import { aConfig } from '../../builders.ts';
import { aToldService, deploy } from '../../services/notices/told.ts';
import { worldInMemory } from '../../world/world-in-memory.ts';
import { captureCli } from '../captured-io.ts';
import { saveRecords } from '../save-records.ts';

let folder: string;
let records: string;
let runId: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'notices-'));
  records = join(folder, 'dl.db');
  const { world, memory } = await worldInMemory(aConfig(aToldService()));
  world.scm.before = (call) => {
    if (call === 'issues.create') throw new PermanentError('issues are switched off');
  };
  await world.deployGood('web-1');
  await deploy(world, 'web-2', false);
  runId = world.runIdOf('web-2');
  await saveRecords(records, memory);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('deploy-loop notices', () => {
  it('lists those of a run, with what keeps them back', async () => {
    const { code, stdout } = await captureCli(['notices', runId, '--records', records]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/web +issue +stopped +issues are switched off/);
    expect(stdout).toMatch(/web +status +done/);
  });

  it('lists all that is not told, as JSON', async () => {
    const { stdout } = await captureCli(['notices', '--open', '--records', records, '--json']);
    expect(NoticesDocument.parse(JSON.parse(stdout)).notices).toMatchObject([
      { id: `${runId}.issue`, state: 'stopped', error: 'issues are switched off' },
    ]);
  });

  it.each([
    [['notices'], 'specify either a run or --open'],
    [['notices', 'web-2'], 'write a run id (20 hex digits), or retry'],
  ])('refuses %j', async (args, text) => {
    const { code, stderr } = await captureCli([...args, '--records', records]);
    expect(code).toBe(2);
    expect(stderr).toContain(text);
  });
});

describe('deploy-loop notify test', () => {
  let server: Server;
  let address: string;
  const got: { headers: Record<string, unknown>; body: string }[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        got.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
        response.writeHead(request.url === '/gone' ? 404 : 204).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => void server.close());

  function configWith(path: string): string {
    const file = join(folder, 'config.yaml');
    writeFileSync(
      file,
      `version: 1
services:
  - name: web
    project: acme-staging
    region: us-central1
    notifications:
      - { name: pager, kind: webhook, url: { env: ${path} }, secret: { env: KEY } }
`,
    );
    return file;
  }

  it('sends one signed event, and says that it arrived', async () => {
    const env = { HOOK: `http://${address}/hook`, KEY: 's3cret', DEPLOY_LOOP_LOCAL_ADDRESSES: address };
    const { code, stdout } = await captureCli(['notify', 'test', configWith('HOOK')], { env });
    expect([code, stdout]).toEqual([0, 'pager: ok\n']);
    const [{ headers = {}, body = '' } = {}] = got;
    expect(headers['deploy-loop-signature']).toBe(
      `sha256=${signatureOf('s3cret', String(headers['deploy-loop-timestamp']), body)}`,
    );
    expect(JSON.parse(body)).toMatchObject({ id: headers['deploy-loop-id'], kind: 'promoted' });
  });

  it('says what went wrong, and never the URL', async () => {
    const env = { GONE: `http://${address}/gone`, KEY: 's3cret', DEPLOY_LOOP_LOCAL_ADDRESSES: address };
    const { code, stdout } = await captureCli(['notify', 'test', configWith('GONE'), '--json'], { env });
    expect(code).toBe(3);
    expect(NotifyTestDocument.parse(JSON.parse(stdout)).results).toEqual([
      { name: 'pager', error: 'the webhook answered HTTP 404' },
    ]);
  });

  it('reaches no private address', async () => {
    const env = { HOOK: `http://${address}/hook`, KEY: 's3cret' };
    const { code, stdout } = await captureCli(['notify', 'test', configWith('HOOK')], { env });
    expect(code).toBe(3);
    expect(stdout).toContain('pager: the URL of the webhook is not asked');
    expect(stdout).not.toContain(address);
  });
});
