import { z } from 'zod';

const ReportSchema = z.object({
  run: z.object({ verdict: z.string().optional(), outcome: z.object({ code: z.string() }).optional() }),
  decisions: z.array(z.object({ stage: z.string(), at: z.coerce.date() })),
  effects: z.array(z.object({ kind: z.string(), state: z.string(), endedAt: z.coerce.date().optional() })),
});

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
  const { run, decisions, effects } = ReportSchema.parse(JSON.parse(json));
  const secondsTo = (at: Date | undefined) => (at ? (at.getTime() - arrivedAt.getTime()) / 1000 : Number.NaN);
  return {
    verdict: run.verdict,
    outcome: run.outcome?.code,
    decided: (stage) => secondsTo(decisions.find((decision) => decision.stage === stage)?.at),
    done: (kind) =>
      secondsTo(effects.find((effect) => effect.kind === kind && effect.state === 'done')?.endedAt),
  };
}
