import type { RunningEmulator } from '../../infra/local/emulators/start-emulator.ts';

/** One line of a table. */
export interface Figure {
  readonly what: string;
  /** One for each repetition; none: it could not be measured, `what` says why. */
  readonly values: readonly number[];
  readonly unit: 'ms' | 'MiB' | 'operations' | 'ratio' | 'USD';
  /** The most that the median should be. */
  readonly aim?: number;
}

export interface BenchContext {
  /** Undefined: Google's Firestore emulator is not installed. */
  readonly firestore: Pick<RunningEmulator, 'host'> | undefined;
  /** True: the delays of Google's Cloud Run are to be played too, which takes minutes. */
  readonly realistic: boolean;
}

/** One table of measurements. */
export interface Bench {
  /** What is measured, and under which profile of the local cloud. */
  readonly title: string;
  run(context: BenchContext): Promise<readonly Figure[]>;
}
