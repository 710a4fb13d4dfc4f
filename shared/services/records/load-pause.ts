import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { findWindow } from '../../contracts/freeze/find-window.ts';
import { type ControlRecord, pauseOf, type RunRecord, runs, services } from '../../contracts/records.ts';
import { describeError } from '../../domain/errors.ts';
import type { RevisionName, ServiceKey } from '../../domain/ids.ts';
import { isKeptByWindow } from '../../domain/runs/review-standing.ts';
import type { Pause } from '../../domain/runs/stage-facts.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Store } from '../../ports/store.ts';
import { findConfig, loadServiceConfig } from './load-config.ts';
import { loadControl } from './load-controls.ts';

/**
 * Why the service of a run may not get more traffic now; undefined: it may.
 * @param withWindows false: only a person's pause counts
 */
export async function loadPause(
  { serviceKey, ref, configDigest, name }: RunRecord,
  withWindows: boolean,
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
): Promise<Pause | undefined> {
  const control = await loadControl(pauseOf(serviceKey), store);
  if (control || !withWindows) return whyPaused(control?.data, [], clock.now());
  const [bound, inForce, known] = await Promise.all([
    loadServiceConfig(store, configDigest, name),
    findConfig(ref, { store }),
    store.get(documentIn(services, serviceKey)),
  ]);
  return whyPaused(undefined, [bound, inForce], known?.readTime ?? clock.now());
}

/**
 * Why a service may not get more traffic: a person's pause, or else a freeze window.
 * @param configs the one that a run is bound to, and the one in force: a window of either counts. Whoever adds one means
 * what is under way too, and whoever starts a guard with one is not overruled by what was applied before.
 * @param now by the store's clock: this machine's may be off by hours
 */
export function whyPaused(
  control: ControlRecord | undefined,
  configs: readonly (ServiceConfig | undefined)[],
  now: Date,
): Pause | undefined {
  if (control) return { code: 'paused', text: `the service is paused: ${control.reason}` };
  const known = configs.filter((config) => config !== undefined);
  const starts = known.flatMap(({ notBefore }) => (notBefore === undefined ? [] : [notBefore]));
  const window = findWindow(
    {
      freeze: known.flatMap(({ freeze }) => freeze),
      notBefore: starts.sort((a, b) => Date.parse(b) - Date.parse(a))[0],
    },
    now,
  );
  return window && { code: 'freeze-window', text: window.text, until: window.until };
}

/** A freeze window that is open for a service. */
export interface ServiceWindow {
  /** Absent: the config cannot be read. */
  readonly until?: Date;
  /** Which, and until when. */
  readonly text: string;
  /** The revision that gets no more traffic before its end; absent: none was found healthy since. */
  readonly waiting?: RevisionName | undefined;
}

/** The freeze window that a service is in, by the config in force and by that of its current run, for people to see. */
export async function loadWindow(serviceKey: ServiceKey, store: Store): Promise<ServiceWindow | undefined> {
  const known = await store.get(documentIn(services, serviceKey));
  if (!known) return undefined;
  const { ref, currentRun } = known.data;
  const run = currentRun && (await store.get(documentIn(runs, currentRun.runId)));
  try {
    const [bound, inForce] = await Promise.all([
      run && loadServiceConfig(store, run.data.configDigest, run.data.name),
      findConfig(ref, { store }),
    ]);
    const { until, text } = whyPaused(undefined, [bound, inForce], known.readTime) ?? {};
    if (until === undefined || text === undefined) return undefined;
    return {
      until,
      text,
      waiting: run && isKeptByWindow(run.data) ? run.data.candidate.revision : undefined,
    };
  } catch (error) {
    // What else there is to see of a service matters most when something is broken.
    return { text: `unknown: ${describeError(error)}` };
  }
}
