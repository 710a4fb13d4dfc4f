import { z } from 'zod';
import { suiteCommon } from './suite-common.ts';

const WebsocketCheckSchema = z.strictObject({
  name: z.string().min(1).max(10_000),
  path: z.string(),
});

/** Checks that talk to the service over a WebSocket, described in the config. */
export const WebsocketSuiteSchema = z.strictObject({
  ...suiteCommon,
  kind: z.literal('websocket'),
  checks: z.array(WebsocketCheckSchema).min(1).max(5_000),
});
export type WebsocketSuite = z.infer<typeof WebsocketSuiteSchema>;
