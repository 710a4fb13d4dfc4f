import type { TerminalStatus } from '../build.ts';
import type { BuildId, ConfigDigest, RevisionName, ServiceKey, ServiceRef } from '../ids.ts';
import type { RevisionOrder } from '../revision.ts';
import type { TrafficTarget } from '../service-state.ts';
import type { Authority, RunState, Stage } from '../stages.ts';
import type { Action, Reason, Verdict } from '../verdict.ts';

/** Who asked for a run. Only a person, `apply` and the sweep may ask for one more attempt. */
export const runOpeners = ['build', 'guard', 'apply', 'sweep', 'rerun'] as const;
export type RunOpener = (typeof runOpeners)[number];

/** One validation of one candidate. */
export interface Run {
  readonly ref: ServiceRef;
  readonly serviceKey: ServiceKey;
  /** The service's name in the config. */
  readonly name: string;
  readonly configDigest: ConfigDigest;
  readonly candidate: RevisionOrder;
  /** From 1. */
  readonly attempt: number;
  readonly openedBy: RunOpener;
  /** Who asked for it, and why. */
  readonly request?: { readonly actor: string; readonly why: string } | undefined;
  readonly build?: RunBuild | undefined;
  readonly authority: Authority;
  /** True: the candidate is labelled as one that changed a schema; nothing older may replace it. */
  readonly migration?: boolean | undefined;
  /** How long whoever asked for the run has time to watch; absent: as long as the config says. */
  readonly watchMs?: number | undefined;
  readonly state: RunState;
  readonly stage: Stage;
  /** When the stage began. */
  readonly stageStartedAt: Date;
  /** When the sweep should nudge it; absent once closed. */
  readonly dueAt?: Date | undefined;
  /** When the stage is decided with what there is; absent once closed. */
  readonly stageDeadlineAt?: Date | undefined;
  /** The verified-good revision to compare with and to fall back on; absent: none is known. */
  readonly stable?: RevisionName | undefined;
  /** The traffic spec as the guard last left or found it; a difference in its percents is somebody else's. */
  readonly expectedTraffic?: readonly TrafficTarget[] | undefined;
  /** What LATEST meant then. */
  readonly expectedLatest?: RevisionName | undefined;
  /** The traffic spec before the guard first gave the candidate a share; absent: it never did. */
  readonly baseline?: readonly TrafficTarget[] | undefined;
  /** When that was. */
  readonly shiftedAt?: Date | undefined;
  /** The revision that a rollback gave the traffic to. */
  readonly target?: RevisionName | undefined;
  readonly verdict?: Verdict | undefined;
  readonly reasons: readonly Reason[];
  readonly action: Action;
  /** True: a human should look now. */
  readonly alert?: boolean | undefined;
  /** What became of the action. */
  readonly outcome?: Reason | undefined;
  readonly createdAt: Date;
  readonly closedAt?: Date | undefined;
}

/** The build whose deploy a run is about. */
export interface RunBuild {
  readonly id: BuildId;
  readonly name: string;
  readonly status: TerminalStatus;
  readonly commit?: string | undefined;
  /** Which way the revision was found. */
  readonly resolvedBy: string;
}

/** The fields of a run that change; `undefined` removes one. */
export type RunChange = Partial<{ readonly [K in keyof Run]: Run[K] | undefined }>;
