import { findWindow } from '../../../../shared/contracts/freeze/find-window.ts';
import type { SimWorld } from '../../sim-world.ts';
import { type Invariant, isManual, partsOfEffect } from '../invariant.ts';
import { gaining } from './gaining.ts';

/** What was begun and ended within a freeze window gives no candidate traffic, however long the writer was away. */
export function nothingInWindow({ records, log }: SimWorld): Invariant {
  return {
    promise: 'no run gives its candidate more traffic in a freeze window',
    onWrite: (write) => {
      const { runId } = partsOfEffect(write.effectId);
      const run = records.runs.get(runId);
      const service = run && records.configs.get(run.configDigest)?.config.services;
      const config = service?.find(({ name }) => name === run?.name);
      if (!run || !config || isManual(write.effectId)) return undefined;
      const readMs = write.process.readAtMs.get(write.change.etag) ?? 0;
      const window = findWindow(config, new Date(readMs));
      if (!window || write.landedMs >= window.until.getTime()) return undefined;
      const { revision } = run.candidate;
      if (gaining(write).includes(revision)) return `${revision} gets more traffic, and ${window.text}`;
      if (partsOfEffect(write.effectId).kind === 'rollback') log.count('rollbacks in a window');
      return undefined;
    },
  };
}
