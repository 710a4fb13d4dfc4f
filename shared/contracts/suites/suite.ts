import { z } from 'zod';
import { CommandSuiteSchema } from './command-suite.ts';
import { HttpSuiteSchema } from './http-suite.ts';
import { WebsocketSuiteSchema } from './websocket-suite.ts';

/** A named set of checks, with every default filled in. */
export const SuiteSchema = z.discriminatedUnion('kind', [
  HttpSuiteSchema,
  WebsocketSuiteSchema,
  CommandSuiteSchema,
]);
export type Suite = z.infer<typeof SuiteSchema>;
