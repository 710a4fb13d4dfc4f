import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { type NoticeRecord, notices } from '../../contracts/records.ts';
import { describeError } from '../../domain/errors.ts';
import { type ConfigDigest, type RunId, type ServiceRef, serviceKeyOf } from '../../domain/ids.ts';
import { type DecisionFacts, noticesOf } from '../../domain/notices/asked-notices.ts';
import { importanceOfEvent } from '../../domain/notices/importance.ts';
import {
  eventNoticeId,
  type RunNoticeKind,
  runNoticeId,
  runNoticeKinds,
} from '../../domain/notices/notice.ts';
import type { NoticeEvent } from '../../domain/notices/notice-event.ts';
import type { Run } from '../../domain/records/run.ts';
import type { Ports } from '../../ports/ports.ts';
import { create, type Write } from '../../ports/store.ts';

/** The notices about a run that a decision asks for, to be created in its batch. */
export function runNoticeWrites(
  runId: RunId,
  facts: DecisionFacts & { readonly run: Run },
  config: ServiceConfig,
  now: Date,
): Write[] {
  const { serviceKey, ref, name, configDigest } = facts.run;
  return noticesOf(facts, config.github).map(({ kind, importance }) =>
    create(documentIn(notices, runNoticeId(runId, kind)), {
      kind,
      serviceKey,
      ref,
      name,
      configDigest,
      runId,
      importance,
      state: 'open',
      dueAt: now,
      tries: 0,
      createdAt: now,
    }),
  );
}

/** What happened, without what follows from where it is told. */
export interface EventFact extends Omit<NoticeEvent, 'id'> {
  /** The id of the fact that it is: the same fact is never told twice. */
  readonly fact: string;
}

/** An event of a run, with what the run says of it. */
export function eventOfRun(
  { ref, name, candidate, reasons }: Pick<Run, 'ref' | 'name' | 'candidate' | 'reasons'>,
  of: Pick<EventFact, 'fact' | 'kind' | 'at' | 'runId' | 'target' | 'why' | 'undo'>,
): EventFact {
  return { ...of, ref, name, revision: candidate.revision, code: reasons[0]?.code };
}

/** One notice for each channel that wants the event, to be created in the batch of its fact. */
export function eventWrites(
  { fact, ...event }: EventFact,
  { notifications }: Pick<ServiceConfig, 'notifications'>,
  configDigest: ConfigDigest | undefined,
  /** The service in whose config the channels are. */
  of: Pick<EventFact, 'name'> & { readonly ref?: ServiceRef | undefined } = event,
): Write[] {
  const { kind, runId, at } = event;
  const { ref, name } = of;
  return notifications
    .filter(({ events }) => events.includes(kind))
    .map((channel) => {
      const notice: NoticeRecord = {
        kind: 'webhook',
        ...(ref && { serviceKey: serviceKeyOf(ref), ref }),
        name,
        configDigest,
        runId,
        channel: channel.name,
        event: { ...event, id: `${fact}.${kind}` },
        importance: importanceOfEvent(kind),
        state: 'open',
        dueAt: at,
        tries: 0,
        createdAt: at,
      };
      return create(documentIn(notices, eventNoticeId(fact, kind, channel.name)), notice);
    });
}

/**
 * Asks for the notices among these writes, which are committed. Never fails: whoever tells others must not keep traffic
 * waiting, and the sweep asks again.
 */
export async function askForNotices(
  writes: readonly Write[],
  ports: Pick<Ports, 'bus' | 'log'>,
): Promise<void> {
  for (const { kind, ref } of writes)
    if (kind === 'create' && ref.collection.path === notices.path) await ask(ref.id, ports);
}

/** Asks for the notices about a run anew, since its facts have changed. Never fails. */
export async function askAnew(
  runId: RunId,
  { github }: Pick<ServiceConfig, 'github'>,
  /** What was asked for just now. */
  asked: readonly Write[],
  ports: Pick<Ports, 'bus' | 'log'>,
): Promise<void> {
  if (!github) return;
  const { issues, status, comment, prevention } = github;
  const wanted = { issue: issues, status, 'pull-comment': comment, prevention };
  const ids = runNoticeKinds.filter((kind) => wanted[kind]).map((kind) => runNoticeId(runId, kind));
  for (const id of ids) if (!asked.some(({ ref }) => ref.id === id)) await ask(id, ports);
}

/** Asks for one notice about a run. Never fails. */
export async function askFor(
  runId: RunId,
  kind: RunNoticeKind,
  ports: Pick<Ports, 'bus' | 'log'>,
): Promise<void> {
  await ask(runNoticeId(runId, kind), ports);
}

async function ask(noticeId: string, { bus, log }: Pick<Ports, 'bus' | 'log'>): Promise<void> {
  try {
    await bus.publish('notify', { noticeId });
  } catch (error) {
    log.warn({ noticeId, code: 'notice' }, `asked for by the next sweep: ${describeError(error)}`);
  }
}
