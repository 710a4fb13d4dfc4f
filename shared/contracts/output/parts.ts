import { z } from 'zod';
import { reasonCodes } from '../../domain/verdict.ts';

/**
 * The version of every JSON document that a command or the HTTP API returns. Fields may be added under the same number;
 * one that changes its meaning or goes away raises it.
 */
export const schemaVersion = 1;

/** ISO 8601 in UTC: `2026-03-02T09:00:00.000Z`. */
export const TimeOutput = z.iso.datetime();
/** Milliseconds. */
export const MsOutput = z.number().min(0);
const count = z.int().min(0);
export const CountOutput = count;
export const PercentOutput = z.number().min(0).max(100);

/** As a shell reports it. */
export const ExitCodeOutput = z.int().min(0).max(255);

/** The beginning of each document. `exitCode`: of the command that prints it; 0 over HTTP. */
export const documentHead = { schemaVersion: z.literal(schemaVersion), exitCode: ExitCodeOutput };

export const ReasonOutput = z.strictObject({ code: z.enum(reasonCodes), text: z.string() });

/** One entry of the traffic setting; `latest`: Cloud Run's LATEST, whichever revision that is. */
export const TrafficOutput = z.array(
  z.strictObject({
    latest: z.boolean(),
    revision: z.string().nullable(),
    percent: PercentOutput,
    tag: z.string().nullable(),
  }),
);

/** @property name in the config */
export const ServiceOutput = z.strictObject({
  name: z.string(),
  project: z.string(),
  region: z.string(),
  service: z.string(),
});

/** @property actor null: the guard itself */
export const ControlOutput = z.strictObject({
  actor: z.string().nullable(),
  reason: z.string(),
  at: TimeOutput,
});

/** @property until null: the config cannot be read. @property waiting the revision that gets its traffic afterwards */
export const WindowOutput = z.strictObject({
  until: TimeOutput.nullable(),
  text: z.string(),
  waiting: z.string().nullable(),
});

export const PinOutput = z.strictObject({
  owner: z.enum(['guard', 'human']),
  target: z.string(),
  bad: z.string().nullable(),
  before: TrafficOutput,
  after: TrafficOutput,
  at: TimeOutput,
});

export const AlarmOutput = ReasonOutput.extend({ revision: z.string(), at: TimeOutput });

/** A request to change traffic. @property undo null: it changed no percentage, or is not the last that did */
export const ChangeOutput = z.strictObject({
  id: z.string(),
  runId: z.string().nullable(),
  at: TimeOutput,
  actor: z.string(),
  why: z.string(),
  outcome: z.enum(['unknown', 'accepted', 'rejected']),
  before: TrafficOutput,
  after: TrafficOutput,
  target: z.string().nullable(),
  undo: z.string().nullable(),
});
