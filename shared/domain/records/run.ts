import type { TerminalStatus } from '../build.ts';
import type { BuildId, ConfigDigest, RevisionName, ScanId, ServiceKey, ServiceRef } from '../ids.ts';
import type { RevisionOrder } from '../revision.ts';
import type { TrafficTarget } from '../service-state.ts';
import type { Authority, RunState, Stage } from '../stages.ts';
import type { Action, Reason, Verdict } from '../verdict.ts';

/** Who requested a run. Only a person, `apply` and the sweep may request another attempt. */
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
  /** The person who requested it, and the reason. */
  readonly request?: { readonly actor: string; readonly why: string } | undefined;
  readonly build?: RunBuild | undefined;
  readonly authority: Authority;
  /** True: a label says that the candidate changed a schema; nothing older may replace it. */
  readonly migration?: boolean | undefined;
  /** The longest watch that the requester waits for; absent: as long as the config says. */
  readonly watchMs?: number | undefined;
  /** The findings in its sources, where they are not those of its build: its requester's, or of the attempt before. */
  readonly scan?: BuildId | ScanId | undefined;
  readonly state: RunState;
  readonly stage: Stage;
  /** When the stage began. */
  readonly stageStartedAt: Date;
  /** When the sweep should nudge it; absent once closed. */
  readonly dueAt?: Date | undefined;
  /** When the stage is decided with the available facts; absent once closed. */
  readonly stageDeadlineAt?: Date | undefined;
  /** The verified-good revision to compare with and to fall back on; absent: none is known. */
  readonly stable?: RevisionName | undefined;
  /** The traffic spec as the guard last wrote or found it; a difference in its percentages is someone else's change. */
  readonly expectedTraffic?: readonly TrafficTarget[] | undefined;
  /** The revision that LATEST meant at that time. */
  readonly expectedLatest?: RevisionName | undefined;
  /** The traffic spec before the guard first gave the candidate a share; absent: it never did. */
  readonly baseline?: readonly TrafficTarget[] | undefined;
  /** When the guard first gave it a share. */
  readonly shiftedAt?: Date | undefined;
  /** The revision to which a rollback moved the traffic. */
  readonly target?: RevisionName | undefined;
  readonly verdict?: Verdict | undefined;
  readonly reasons: readonly Reason[];
  readonly action: Action;
  /** True: a human should look now. */
  readonly alert?: boolean | undefined;
  /** The result of the action. */
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
  /** How the revision was found. */
  readonly resolvedBy: string;
}

/** The changed fields of a run; `undefined` removes one. */
export type RunChange = Partial<{ readonly [K in keyof Run]: Run[K] | undefined }>;
