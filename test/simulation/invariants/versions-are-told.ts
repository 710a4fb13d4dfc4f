import type { SimWorld } from '../sim-world.ts';
import type { Invariant } from './invariant.ts';

/** Whatever dies, whoever cannot be read: each verdict on a service of a group has told the versions of all of them. */
export function versionsAreTold({ records }: SimWorld): Invariant {
  return {
    promise: 'the versions of a group are told at each verdict on one of its services',
    atEnd: () => {
      for (const { runId, stage, verdict, next } of records.decisions.values()) {
        const config = records.configs.get(records.runs.get(runId)?.configDigest ?? '')?.config;
        if (!config?.groups || next !== undefined || verdict === 'superseded') continue;
        const told = records.groupFindings.get(runId)?.members.map(({ name }) => name) ?? [];
        if (!config.groups.every(({ services }) => services.every((name) => told.includes(name))))
          return `the ${verdict} of ${runId} in ${stage} tells of ${told.join(', ') || 'none'}`;
      }
      return undefined;
    },
  };
}
