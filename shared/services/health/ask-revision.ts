import type { ServiceConfig } from '../../contracts/config.ts';
import { buildValuesOf, needsBuild } from '../../contracts/expectations/build-variables.ts';
import { type BuildConditions, healthQuestion } from '../../contracts/expectations/health-question.ts';
import { revisionNamedIn } from '../../contracts/revision-source.ts';
import { type Speaker, tellSpeaker } from '../../domain/health/tell-speaker.ts';
import type { RevisionName } from '../../domain/ids.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import type { Ports } from '../../ports/ports.ts';
import type { KnownBuilds } from '../records/known-builds.ts';
import { type HealthProbe, probeHealth } from './probe-health.ts';

export interface RevisionAnswer extends HealthProbe {
  readonly speaker: Speaker;
  /** The revision that the response names. */
  readonly named: string | undefined;
}

/** What a question to a revision needs to know besides the config. */
export interface AskedFor {
  readonly builds: KnownBuilds;
  readonly conditions: BuildConditions;
}

type Probes = Pick<Ports, 'prober' | 'sockets'>;

/** How often a URL that several revisions share is probed in a row, until the right one responds. */
const maxAsks = 5;

/** The health probe as it is put to one of some revisions. */
export async function questionTo(
  asked: readonly RevisionName[],
  { health }: ServiceConfig,
  { builds, conditions }: AskedFor,
): Promise<ReturnType<typeof healthQuestion>> {
  const [only, ...others] = asked;
  const revision = others.length > 0 ? undefined : only;
  const { headers, expect, warn } = health;
  const build =
    revision !== undefined && needsBuild([headers, expect, warn]) ? await builds.of(revision) : undefined;
  return healthQuestion(health, buildValuesOf(revision, build), conditions);
}

/** Probes `url` once, and identifies the responder: is it one of the revisions in `asked`? */
export async function askOnce(
  asked: readonly RevisionName[],
  url: string,
  service: ServiceState,
  config: ServiceConfig,
  ports: Probes,
  askedFor: AskedFor,
): Promise<RevisionAnswer> {
  const question = await questionTo(asked, config, askedFor);
  const probe = await probeHealth(url, service.uri, config, question, ports);
  const { revision: source } = config.health;
  const named = source && revisionNamedIn(probe.answer, source, service.ref.service);
  const speaker = tellSpeaker(named, asked);
  // A conversation has a connection of its own, and does not identify the revision at its other end.
  return { ...probe, named, speaker: speaker === 'asked' && probe.talked ? 'unsaid' : speaker };
}

/** Probes a few times while other revisions respond instead. */
export async function askRevision(
  revision: RevisionName,
  url: string,
  service: ServiceState,
  config: ServiceConfig,
  ports: Probes,
  askedFor: AskedFor,
): Promise<RevisionAnswer> {
  for (let n = 1; ; n++) {
    const answer = await askOnce([revision], url, service, config, ports, askedFor);
    if (answer.speaker !== 'another' || n >= maxAsks) return answer;
  }
}
