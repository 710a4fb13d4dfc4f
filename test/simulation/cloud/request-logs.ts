import type { LoggedRequest, LoggedRequests } from '../../../shared/domain/health/request-log.ts';
import { probeUserAgent } from '../../../shared/domain/health/request-window.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import type { ServingTarget } from '../../../shared/domain/service-state.ts';
import type { RequestQuery } from '../../../shared/ports/logs.ts';
import { answerOf } from './behaviour.ts';
import { type Outage, servedIn } from './outage.ts';
import type { SimRevision } from './sim-revision.ts';

/** One request of users in each second. */
const everyMs = 1_000;

/** What users and probes got from each revision, as far as the log is not behind. */
export class RequestLogs {
  /** Entries come so late. */
  readonly lagMs: number;
  readonly #serving: { readonly fromMs: number; readonly targets: readonly ServingTarget[] }[] = [];
  readonly #outages: { readonly fromMs: number; readonly outage: Outage | undefined }[] = [];
  readonly #probes: { readonly revision: RevisionName; readonly request: LoggedRequest }[] = [];

  constructor(lagMs: number) {
    this.lagMs = lagMs;
  }

  serves(targets: readonly ServingTarget[], fromMs: number): void {
    this.#serving.push({ fromMs, targets });
  }

  outageIs(outage: Outage | undefined, fromMs: number): void {
    this.#outages.push({ fromMs, outage });
  }

  probed(revision: RevisionName, status: number, atMs: number): void {
    this.#probes.push({ revision, request: { at: new Date(atMs), status, userAgent: probeUserAgent } });
  }

  /** The most probes that there were within a minute. */
  mostProbed(): number {
    const minutes = new Map<number, number>();
    for (const { request } of this.#probes) {
      const minute = Math.floor(request.at.getTime() / 60_000);
      minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
    }
    return Math.max(0, ...minutes.values());
  }

  list(revision: SimRevision | undefined, { from, to }: RequestQuery, nowMs: number): LoggedRequests {
    const toMs = Math.min(to.getTime(), nowMs - this.lagMs);
    if (!revision) return { requests: [], complete: true };
    const own = this.#probes.filter(
      ({ revision: name, request: { at } }) => name === revision.name && at >= from && at.getTime() < toMs,
    );
    const requests = own.map(({ request }) => request);
    const firstMs = Math.ceil(from.getTime() / everyMs) * everyMs;
    for (let atMs = firstMs; atMs < toMs; atMs += everyMs) {
      if (this.#servedAt(atMs) !== revision.name) continue;
      const { badAnswer } = revision;
      const answer =
        servedIn(this.#outageAt(atMs), badAnswer) ?? answerOf(revision.failingAt(atMs), badAnswer);
      requests.push({
        at: new Date(atMs),
        status: answer.kind === 'answer' ? answer.status : 504,
        userAgent: 'user',
      });
    }
    return { requests, complete: true };
  }

  /** Requests are spread evenly over the shares. */
  #servedAt(atMs: number): RevisionName | undefined {
    const { targets = [] } = this.#serving.findLast(({ fromMs }) => fromMs <= atMs) ?? {};
    let point = ((atMs / everyMs) * 37) % 100;
    for (const { revision, percent } of targets) {
      point -= percent;
      if (point < 0) return revision;
    }
    return undefined;
  }

  #outageAt(atMs: number): Outage | undefined {
    return this.#outages.findLast(({ fromMs }) => fromMs <= atMs)?.outage;
  }
}
