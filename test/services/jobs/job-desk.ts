import type { JobOrder } from '../../../shared/adapters/checks/job/job-order.ts';
import { openOrder } from '../../../shared/adapters/checks/job/open-order.ts';
import { MemoryStore } from '../../../shared/adapters/memory/memory-store.ts';
import { SystemRandom } from '../../../shared/adapters/system-random.ts';
import { type Collection, documentIn } from '../../../shared/contracts/document.ts';
import { RevisionNameSchema, RunIdSchema } from '../../../shared/contracts/id-schemas.ts';
import {
  type JobRecord,
  type JobReportRecord,
  jobIdOf,
  jobReportIdOf,
  jobReportsOf,
  jobsOf,
} from '../../../shared/contracts/records.ts';
import type { RunId } from '../../../shared/domain/ids.ts';
import type { PreparedEnvironment } from '../../../shared/ports/command-environments.ts';
import { create, type Store } from '../../../shared/ports/store.ts';
import { collectResults, type JobAnswer, type JobRequest } from '../../../shared/services/collect-results.ts';
import { type CollectPorts, collectPortsOf } from '../../../shared/services/jobs/collect-ports.ts';
import { FakeClock } from '../../world/fake-clock.ts';
import { silent } from '../../world/world.ts';

export const aRunId: RunId = RunIdSchema.parse('0123456789abcdef0123');
export const idToken = 'an-id-token';

export function anOrder(changes: Partial<JobOrder> = {}): JobOrder {
  return {
    runId: aRunId,
    work: { kind: 'shard', i: 3 },
    claim: 1,
    mode: 'run',
    suite: 'e2e',
    ids: ['a', 'b'],
    command: 'run "$@"',
    env: {},
    secrets: {},
    timeoutMs: 600_000,
    attempt: 1,
    target: {
      revision: RevisionNameSchema.parse('web-2'),
      url: 'https://web.example',
      audience: 'https://web.example',
      authenticate: 'auto',
    },
    ...changes,
  };
}

interface DeskRequest {
  readonly method: string;
  readonly target: string;
  readonly token: string | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

const tokenLine = /^token (.*)$/m;

/** *collect-results* over a memory store, and what jobs ask of it. */
export class JobDesk {
  readonly clock = new FakeClock();
  readonly memory = new MemoryStore(this.clock);
  /** What stands between the service and the memory store. */
  store: Store = this.memory;
  readonly logged: string[] = [];
  #kept: { readonly store: Store; readonly ports: CollectPorts } | undefined;
  prepared: PreparedEnvironment = {
    kind: 'ready',
    env: { DEPLOY_LOOP_URL: 'https://web.example', TOKEN: idToken },
    redact: (text) => text.replaceAll(idToken, '[TOKEN]'),
  };

  /** @returns the token for the work of a new start of it */
  async open(order: JobOrder = anOrder()): Promise<string> {
    const ports = { store: this.memory, clock: this.clock, random: new SystemRandom() };
    const opened = await openOrder(order, ports);
    if (opened.kind !== 'opened') throw new Error(`not opened: ${opened.kind}`);
    return opened.token;
  }

  /** Fetches the work. @returns the token for the report */
  async fetch(token: string): Promise<string> {
    const { status, text } = await this.ask(token);
    const given = tokenLine.exec(text ?? '')?.[1];
    if (given === undefined) throw new Error(`no work: ${status}`);
    return given;
  }

  /** @returns the token for the report of a new start of this work, which was fetched */
  async begin(order: JobOrder = anOrder()): Promise<string> {
    return await this.fetch(await this.open(order));
  }

  async ask(token: string | undefined): Promise<JobAnswer> {
    return await this.request({ method: 'GET', target: '/shard', token }, async () => new Uint8Array());
  }

  async submit(
    token: string,
    body: string | Uint8Array,
    changes: Readonly<Record<string, string>> = {},
  ): Promise<number> {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const headers = {
      'content-length': String(bytes.length),
      'x-deploy-loop-body': bytes.length > 0 ? 'present' : 'missing',
      ...changes,
    };
    const { status } = await this.request(
      { method: 'POST', target: '/results', token, headers },
      async () => bytes,
    );
    return status;
  }

  /** Of the newest start of this work. */
  async job({ runId, work }: JobOrder = anOrder()): Promise<JobRecord> {
    const job = await this.memory.get(documentIn(jobsOf(runId), jobIdOf(work)));
    if (!job) throw new Error('there is no such job');
    return job.data;
  }

  /** What the newest start of this work came to. */
  async report(order: JobOrder = anOrder()): Promise<JobReportRecord | undefined> {
    const { nonce } = await this.job(order);
    const ref = documentIn(jobReportsOf(order.runId), jobReportIdOf(order.work, nonce));
    return (await this.memory.get(ref))?.data;
  }

  async add<D>(collection: Collection<D>, id: string, data: D): Promise<void> {
    await this.memory.commit([create(documentIn(collection, id), data)]);
  }

  async request({ method, target, token, headers = {} }: DeskRequest, body: JobRequest['body']) {
    const standard = {
      'content-length': '5',
      'x-deploy-loop-exit': '0',
      'x-deploy-loop-outcome': 'completed',
      'x-deploy-loop-body': 'present',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    return await this.answer({ method, target, headers: { ...standard, ...headers }, body });
  }

  async answer(request: JobRequest): Promise<JobAnswer> {
    return await collectResults(request, this.#ports());
  }

  /** Of one process. */
  #ports(): CollectPorts {
    if (this.#kept?.store === this.store) return this.#kept.ports;
    const told = (fields: object, message: string) => {
      this.logged.push(`${JSON.stringify(fields)} ${message}`);
    };
    const ports = collectPortsOf({
      store: this.store,
      clock: this.clock,
      random: new SystemRandom(),
      log: { ...silent, info: told, warn: told, error: told },
      environments: { prepare: async () => this.prepared },
    });
    this.#kept = { store: this.store, ports };
    return ports;
  }
}
