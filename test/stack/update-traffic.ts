import { RevisionNameSchema } from '../../shared/contracts/id-schemas.ts';
import type { TrafficTarget } from '../../shared/domain/service-state.ts';
import type { Stack } from './stack.ts';

const pattern =
  /^gcloud run services update-traffic (?<service>\S+) --project=(?<project>\S+) --region=(?<region>\S+) (?<how>\S+)$/;

/** Does what gcloud would do. @throws {Error} not a command that changes the traffic of the service `web` */
export async function runGcloud(stack: Stack, command: string): Promise<void> {
  const { how, ...ref } = pattern.exec(command)?.groups ?? {};
  const { project, region, service } = stack.ref;
  const isOurs = ref.project === project && ref.region === region && ref.service === service;
  if (how === undefined || !isOurs) throw new Error(`not a change of traffic: ${command}`);
  await updateTraffic(stack, how);
}

/** A person sets the percents of the service; its tags stay. @param how `--to-latest`, or `--to-revisions=…` */
export async function updateTraffic(stack: Stack, how: string): Promise<void> {
  const tagged = (await stack.state()).traffic.filter((target) => target.tag !== undefined);
  const kept = tagged.map((target) => ({ ...target, percent: 0 }));
  await stack.cloud.faults.editTraffic(stack.ref, [...percentsOf(how), ...kept]);
}

function percentsOf(how: string): TrafficTarget[] {
  if (how === '--to-latest') return [{ percent: 100 }];
  const list = how.slice('--to-revisions='.length).split(',');
  return list.map((entry) => {
    const [name, percent] = entry.split('=');
    const revision = name === 'LATEST' ? {} : { revision: RevisionNameSchema.parse(name) };
    return { ...revision, percent: Number(percent) };
  });
}
