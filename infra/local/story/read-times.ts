import { z } from 'zod';

const ReportSchema = z.object({
  run: z.object({ outcome: z.object({ code: z.string() }).optional() }),
  decisions: z.array(z.object({ stage: z.string(), at: z.coerce.date() })),
  effects: z.array(z.object({ kind: z.string(), state: z.string(), endedAt: z.coerce.date().optional() })),
});

export interface StoryTimes {
  readonly detectedSeconds: number;
  readonly restoredSeconds: number;
  /** True: the service was seen to answer again. */
  readonly restored: boolean;
}

/** Reads a run's times from its record as JSON, as any other program would. @throws {ZodError} it is no record */
export function readTimes(json: string, arrivedAt: Date): StoryTimes {
  const { run, decisions, effects } = ReportSchema.parse(JSON.parse(json));
  const secondsTo = (at: Date | undefined) => (at ? (at.getTime() - arrivedAt.getTime()) / 1000 : Number.NaN);
  return {
    detectedSeconds: secondsTo(decisions.find((decision) => decision.stage === 'health')?.at),
    restoredSeconds: secondsTo(
      effects.find((effect) => effect.kind === 'rollback' && effect.state === 'done')?.endedAt,
    ),
    restored: run.outcome?.code === 'restored',
  };
}
