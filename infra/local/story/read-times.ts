import { z } from 'zod';
import { type RevisionName, runIdOf, type ServiceRef } from '../../../shared/domain/ids.ts';

const ReportSchema = z.object({
  run: z.object({ outcome: z.object({ code: z.string() }).optional() }),
  decisions: z.array(z.object({ stage: z.string(), at: z.coerce.date() })),
  effects: z.array(z.object({ kind: z.string(), state: z.string(), endedAt: z.coerce.date().optional() })),
});

export interface StoryTimes {
  readonly runId: string;
  readonly detectedSeconds: number;
  readonly restoredSeconds: number;
  /** True: the service was seen to answer again. */
  readonly restored: boolean;
}

type Cli = (args: readonly string[], stdout: { write(text: string): unknown }) => Promise<number>;

/** Reads a run's times from its record, as any other program would. */
export async function readTimes(
  ref: ServiceRef,
  revision: RevisionName,
  arrivedAt: Date,
  cli: Cli,
): Promise<StoryTimes> {
  const runId = runIdOf(ref, revision, 1);
  let text = '';
  await cli(['show', runId, '--json'], { write: (chunk) => (text += chunk) });
  const { run, decisions, effects } = ReportSchema.parse(JSON.parse(text));
  const secondsTo = (at: Date | undefined) => (at ? (at.getTime() - arrivedAt.getTime()) / 1000 : Number.NaN);
  return {
    runId,
    detectedSeconds: secondsTo(decisions.find((decision) => decision.stage === 'health')?.at),
    restoredSeconds: secondsTo(
      effects.find((effect) => effect.kind === 'rollback' && effect.state === 'done')?.endedAt,
    ),
    restored: run.outcome?.code === 'restored',
  };
}
