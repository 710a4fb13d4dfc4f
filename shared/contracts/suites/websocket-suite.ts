import { z } from 'zod';
import { PositiveDurationSchema } from '../duration.ts';
import { isBuildVariable } from '../expectations/build-variables.ts';
import { sentHeaders } from '../expectations/header.ts';
import { AuthSchema, CheckPathSchema } from './http-suite.ts';
import { JsonExpectationSchema } from './json-expectation.ts';
import { referencesIn } from './references.ts';
import { RegularExpressionSchema } from './regular-expression.ts';
import { SeveritySchema, suiteCommon } from './suite-common.ts';

const maxMessageLength = 1_000_000;

/** An expected message; without a condition, any message. */
const MessageExpectationSchema = z.strictObject({
  json: z.array(JsonExpectationSchema).max(100).default([]),
  contains: z.string().min(1).max(10_000).optional(),
  matches: RegularExpressionSchema.optional(),
  /** The time limit, counted from the previous step. */
  within: PositiveDurationSchema.default('5s'),
  /** True: the next message must match; false: others may come first. */
  strict: z.boolean().default(false),
});
export type MessageExpectation = z.infer<typeof MessageExpectationSchema>;

const MessageStepSchema = z.union(
  [
    z.strictObject({ send: z.string().max(maxMessageLength) }),
    z.strictObject({ json: z.json() }),
    z.strictObject({ expect: MessageExpectationSchema }),
  ],
  'write one of `{ send: TEXT }`, `{ json: … }` and `{ expect: … }`',
);
export type MessageStep = z.infer<typeof MessageStepSchema>;

const conversation = {
  path: CheckPathSchema,
  query: z.record(z.string(), z.string()).default({}),
  headers: sentHeaders([
    /^sec-websocket-.*$/i,
    'the handshake sets this header: use subprotocols for Sec-WebSocket-Protocol',
  ]).default({}),
  auth: AuthSchema.optional(),
  /** Offered in the handshake; the service must choose one of them. */
  subprotocols: z
    .array(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/, 'not the name of a subprotocol'))
    .max(20)
    .refine((names) => new Set(names).size === names.length, 'list each once')
    .default([]),
  /** The messages to send and to expect, in order. */
  messages: z.array(MessageStepSchema).max(200).default([]),
  /** How the service must close after the last step; absent: it need not close. */
  closes: z
    .strictObject({
      codes: z.array(z.int().min(1000).max(4999)).min(1).max(20).default([1000]),
      within: PositiveDurationSchema.default('5s'),
    })
    .optional(),
} as const;

/** One conversation over a WebSocket, as used by health probes: without secrets. */
export const ConversationSchema = z.strictObject(conversation);
export type ConversationConfig = z.infer<typeof ConversationSchema>;

const WebsocketCheckSchema = z.strictObject({
  /** Unique within the suite. */
  name: z.string().min(1).max(10_000),
  /** Absent: as its suite. */
  severity: SeveritySchema.optional(),
  ...conversation,
});
export type WebsocketCheck = z.infer<typeof WebsocketCheckSchema>;

/** Checks that hold a conversation with the service over a WebSocket, described in the config. */
export const WebsocketSuiteSchema = z
  .strictObject({
    ...suiteCommon,
    kind: z.literal('websocket'),
    checks: z.array(WebsocketCheckSchema).min(1).max(5_000),
  })
  .superRefine(({ checks, secrets }, context) => {
    const names = new Map<string, number>();
    for (const [n, check] of checks.entries()) {
      const fault = (path: readonly (string | number)[], message: string, input: string) =>
        context.addIssue({ code: 'custom', path: ['checks', n, ...path], message, input });
      const first = names.get(check.name);
      if (first !== undefined)
        fault(['name'], `give each check a unique name: checks[${first}] already has this one`, check.name);
      names.set(check.name, first ?? n);
      for (const { name, path } of referencesIn(check))
        if (!Object.hasOwn(secrets, name) && !isBuildVariable(name))
          fault(path, `declare ${name} in the suite's secrets`, `\${${name}}`);
    }
  });
export type WebsocketSuite = z.infer<typeof WebsocketSuiteSchema>;
