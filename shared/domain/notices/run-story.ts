import type { RunDiagnosis } from '../diagnosis/run-diagnosis.ts';
import type { RunId } from '../ids.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import type { Effect } from '../records/effect.ts';
import type { Intent } from '../records/intent.ts';
import type { Run } from '../records/run.ts';
import type { Exposure } from './exposure.ts';
import type { FailedCheck } from './failed-check.ts';

/** All that the notices about one run tell. It is read anew for each text, so that texts follow the facts. */
export interface RunStory {
  readonly run: Run & { readonly id: RunId };
  readonly decisions: readonly DecisionRecord[];
  readonly effects: readonly Effect[];
  /** In the order of time. */
  readonly trafficChanges: readonly Intent[];
  /** Absent: the run did not fail, or is not diagnosed yet. */
  readonly diagnosis?: Pick<RunDiagnosis, 'result' | 'evidence' | 'madeAt'> | undefined;
  readonly checks: readonly FailedCheck[];
  readonly audits?: readonly AuditLine[] | undefined;
  readonly exposure: Exposure;
  /** Why the run's traffic is not in force any more, such as a newer deploy; then nothing of it is to be undone. */
  readonly outdated?: string | undefined;
  /** What asks again as the guard did. */
  readonly reproductions?: readonly Reproduction[] | undefined;
  readonly source?: StorySource | undefined;
  /** The options of a command that name the records: `--firestore acme-tools`. */
  readonly records?: string | undefined;
  /** The page of the run. */
  readonly reportUrl?: string | undefined;
  /** The pull request that prevents such failures, once there is one. */
  readonly preventionUrl?: string | undefined;
}

/** The code that was deployed. Commits are full or short hashes. */
export interface StorySource {
  /** `acme/shop` */
  readonly repository: string;
  readonly commit?: string | undefined;
  readonly stableCommit?: string | undefined;
}

/** The result of one audit, for people. */
export interface AuditLine {
  readonly name: string;
  /** Such as `7 of 10`. */
  readonly score?: string | undefined;
  readonly result: string;
  readonly reason: string;
}

/** How to see the failure again. */
export type Reproduction =
  | {
      readonly kind: 'request';
      readonly method: string;
      readonly url: string;
      /** True: it needs an ID token. */
      readonly isPrivate: boolean;
      readonly expected: string;
    }
  /** A command suite: its command, as the config has it. */
  | { readonly kind: 'suite'; readonly suite: string; readonly command: string };
