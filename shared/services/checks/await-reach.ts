import type { ServiceConfig } from '../../contracts/config.ts';
import { tagReadyMs } from '../../contracts/policies.ts';
import { hasTagUrls } from '../../contracts/reach/further-urls.ts';
import type { RunRecord } from '../../contracts/records.ts';
import { TransientError } from '../../domain/errors.ts';
import type { RevisionName, RunId } from '../../domain/ids.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import type { Ports } from '../../ports/ports.ts';
import { RevisionProbe, reachPollMs } from '../health/revision-probe.ts';
import { askForTag } from '../records/ask-for-effect.ts';

/**
 * Waits until a URL leads to one revision alone and something responds there, good or bad; requests a tag if one is
 * missing.
 * @param revision absent: any serving revision, at the service's own URL
 * @returns the service at that moment; undefined: no URL led to it within a minute
 */
export async function awaitReach(
  revision: RevisionName | undefined,
  { runId, run, config }: { readonly runId: RunId; readonly run: RunRecord; readonly config: ServiceConfig },
  ports: Ports,
): Promise<ServiceState | undefined> {
  // Checks use the URL: it does not suffice that its responses name their revision.
  const { revision: _, ...health } = config.health;
  const probe = new RevisionProbe({ ...config, health }, ports);
  const startedMs = ports.clock.monotonicMs();
  const mayTag = hasTagUrls(config) && run.authority !== 'observe';
  let asked = !mayTag;
  for (;;) {
    const service = await ports.run.getService(run.ref);
    if (!service) throw new TransientError(`service ${run.ref.service} does not exist`);
    probe.note(service);
    const answer = await (revision === undefined
      ? probe.askService(service, 'left-out')
      : probe.ask(service, revision, 'left-out'));
    if (answer.kind === 'outcome' && answer.counts) return service;
    if (answer.kind === 'unreachable' && !asked) {
      asked = true;
      await askForTag(runId, run, ports);
    } else if (answer.kind === 'unreachable' && !mayTag) return undefined;
    if (ports.clock.monotonicMs() - startedMs > tagReadyMs) return undefined;
    await ports.clock.sleep(answer.kind === 'later' ? answer.afterMs : reachPollMs);
  }
}
