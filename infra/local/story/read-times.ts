import { RunDocument } from '../../../shared/contracts/output/run-output.ts';

/** How a run ended, and when what happened, in seconds after its message arrived; NaN: never. */
export interface StoryTimes {
  readonly verdict: string | undefined;
  /** Such as `restored`. */
  readonly outcome: string | undefined;
  decided(stage: string): number;
  done(effect: string): number;
}

/** Reads a run's times from its record as JSON, as any other program would. @throws {ZodError} it is no record */
export function readTimes(json: string, arrivedAt: Date): StoryTimes {
  const { run } = RunDocument.parse(JSON.parse(json));
  const secondsTo = (at: string | null | undefined) =>
    at ? (Date.parse(at) - arrivedAt.getTime()) / 1000 : Number.NaN;
  return {
    verdict: run.verdict ?? undefined,
    outcome: run.outcome?.code,
    decided: (stage) => secondsTo(run.decisions.find((decision) => decision.stage === stage)?.at),
    done: (kind) =>
      secondsTo(run.effects.find((effect) => effect.kind === kind && effect.state === 'done')?.endedAt),
  };
}
