import type { z } from 'zod';
import { schemaVersion, type TrafficOutput } from '../contracts/output/parts.ts';
import type { ControlRecord, ServiceRecord } from '../contracts/records.ts';
import type { ServiceRef } from '../domain/ids.ts';
import type { TrafficSplit, TrafficTarget } from '../domain/service-state.ts';

export type Traffic = z.infer<typeof TrafficOutput>;

/** A document with its head. @param exitCode of the command; 0 over HTTP */
export function documentOf<B extends object>(body: B, exitCode = 0) {
  return { schemaVersion, exitCode, ...body } as const;
}

/** A value that is known to be none is null; no field is left out. */
export function orNull<T>(value: T | undefined): T | null {
  return value ?? null;
}

export function timeOf(at: Date): string {
  return at.toISOString();
}

export function timeOrNull(at: Date | undefined): string | null {
  return at ? timeOf(at) : null;
}

/** Clocks of several machines may disagree: never below 0. */
export function msBetween(start: Date, end: Date): number {
  return Math.max(0, end.getTime() - start.getTime());
}

/** @param traffic an empty setting means all on LATEST */
export function trafficOf(traffic: readonly TrafficTarget[]): Traffic {
  const targets: readonly TrafficTarget[] = traffic.length > 0 ? traffic : [{ percent: 100 }];
  return targets.map(({ revision, percent, tag }) => ({
    latest: revision === undefined,
    revision: orNull(revision),
    percent,
    tag: orNull(tag),
  }));
}

export function splitOf(split: TrafficSplit): Traffic {
  return Object.entries(split).map(([revision, percent]) => ({
    latest: revision === 'LATEST',
    revision: revision === 'LATEST' ? null : revision,
    percent,
    tag: null,
  }));
}

export function serviceOf(name: string, { project, region, service }: ServiceRef) {
  return { name, project, region, service };
}

export function controlOf(control: ControlRecord | undefined) {
  return control ? { actor: orNull(control.actor), reason: control.reason, at: timeOf(control.at) } : null;
}

export function windowOf(
  window: { readonly until?: Date; readonly text: string; readonly waiting?: string | undefined } | undefined,
) {
  return window
    ? { until: timeOrNull(window.until), text: window.text, waiting: orNull(window.waiting) }
    : null;
}

export function pinOf(pin: ServiceRecord['pin']) {
  if (!pin) return null;
  const { owner, target, bad, before, after, at } = pin;
  return {
    owner,
    target,
    bad: orNull(bad),
    before: trafficOf(before),
    after: trafficOf(after),
    at: timeOf(at),
  };
}

export function alarmOf(alarm: ServiceRecord['alarm']) {
  return alarm
    ? { code: alarm.code, text: alarm.text, revision: alarm.revision, at: timeOf(alarm.at) }
    : null;
}
