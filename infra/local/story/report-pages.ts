import { z } from 'zod';

/** What `/api/runs` answers. */
export const RunsPage = z.object({
  runs: z.array(
    z.object({
      id: z.string(),
      verdict: z.string().optional(),
      candidate: z.object({ revision: z.string() }),
    }),
  ),
});

/** What `/api/services` answers. */
export const ServicesPage = z.object({
  services: z.array(z.object({ name: z.string(), lastGood: z.array(z.object({ revision: z.string() })) })),
});
