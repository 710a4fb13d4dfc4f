import { topology } from '../../topology.ts';
import type { LocalCloud } from '../local-cloud.ts';
import type { ProfileName } from '../profile.ts';
import type { Backoff, PubsubProfile } from '../pubsub/pubsub-profile.ts';
import type { FunctionName } from './function-names.ts';

/** What a pipeline is made of. */
export interface PipelineOptions {
  /** Whose services are guarded, and whose builds are heard of. Stays open when the pipeline ends. */
  readonly cloud: LocalCloud;
  /** Of the installation: its topics and its database. */
  readonly projectId: string;
  /**
   * `true`: each function is a process of its own, with its records in Firestore. `false`: all of them run in this
   * process, with their records in memory; once in a process, since a function is registered once.
   */
  readonly processes: boolean;
  /** `host:port` of Google's Firestore emulator; needed with `processes`. */
  readonly firestoreHost?: string | undefined;
  /** Where single functions look for Firestore instead: at a proxy of a test. */
  readonly firestoreHosts?: Readonly<Partial<Record<FunctionName, string>>>;
  /** Default `fast`. */
  readonly profile?: ProfileName;
  /** 1: a function keeps its process when it has nothing to do. Default 0: it may lose it, where the profile does so. */
  readonly minInstances?: 0 | 1;
  /** Functions whose process is started by their first request only. Default: none. Only with `processes`. */
  readonly cold?: readonly FunctionName[];
  /** Values of the local Pub/Sub other than the profile's. */
  readonly pubsub?: Partial<PubsubProfile>;
  /** Waited between two deliveries of one message. Default: by the profile. */
  readonly retry?: Backoff;
  /** How often a message is delivered before it becomes a dead letter, 1 to 100. Default 5, which is Pub/Sub's least. */
  readonly maxDeliveryAttempts?: number;
  /** `iam`: pushes carry an ID token, as Cloud Run passes it on. Default `none`. Needs `processes`. */
  readonly auth?: 'iam' | 'none';
  /** What suites may read secrets from, besides what every function has in its environment. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Default: no clock; `sweep()` is its tick. */
  readonly sweepEveryMs?: number;
}

const { delivery } = topology;
export const defaultMaxDeliveryAttempts = delivery.maxDeliveryAttempts;
/** Whose token a push carries in mode `iam`. */
export const pushAccountOf = (projectId: string) => `push@${projectId}.iam.gserviceaccount.com`;

/** Long enough that five deliveries outlast a process's start; `realistic` is what a deployment has. */
export const retries: Readonly<Record<ProfileName, Backoff>> = {
  fast: { minBackoffMs: 100, maxBackoffMs: 1_000 },
  demo: { minBackoffMs: 500, maxBackoffMs: 5_000 },
  realistic: {
    minBackoffMs: delivery.minBackoffSeconds * 1_000,
    maxBackoffMs: delivery.maxBackoffSeconds * 1_000,
  },
};
