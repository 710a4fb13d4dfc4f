import { z } from 'zod';
import { buildVariables } from '../expectations/build-variables.ts';
import { expectation } from '../expectations/expectation.ts';
import { HeaderNameSchema, HeaderValueSchema, sentHeaders } from '../expectations/header.ts';
import { JsonPathSchema } from './json-expectation.ts';
import { referencesIn } from './references.ts';
import { SecretNameSchema } from './secret-source.ts';
import { SeveritySchema, suiteCommon } from './suite-common.ts';

/** Relative to the revision's own URL: it never leads to another host. */
export const CheckPathSchema = z
  .string()
  .max(2048)
  .regex(/^\/(?![/\\])[\x21-\x7e]*$/, 'a path starts with one slash and has no spaces')
  .refine(
    (path) => !path.includes('#') && !path.includes('?'),
    'a path has no query and no fragment: use query',
  );

/** Conditions of a list only, or of a map: `json` may be empty. Without a status, any from 200 to 299. */
const HttpExpectationSchema = z.strictObject({ ...expectation, json: expectation.json.default([]) });

const CaptureSchema = z.union(
  [z.strictObject({ json: JsonPathSchema }), z.strictObject({ header: HeaderNameSchema })],
  'write `{ json: $.path }` or `{ header: NAME }`',
);

/** The value of the header `Authorization`. */
export const AuthSchema = z.union(
  [
    z.strictObject({ bearer: HeaderValueSchema.min(1) }),
    z.strictObject({ basic: z.strictObject({ user: z.string(), password: z.string() }) }),
  ],
  'write `{ bearer: … }` or `{ basic: { user: …, password: … } }`',
);
export type Auth = z.infer<typeof AuthSchema>;

const request = {
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']).default('GET'),
  path: CheckPathSchema,
  query: z.record(z.string(), z.string()).default({}),
  headers: sentHeaders().default({}),
  json: z.json().optional(),
  form: z.record(z.string(), z.string()).optional(),
  body: z.string().max(1_000_000).optional(),
  auth: AuthSchema.optional(),
  expect: HttpExpectationSchema.prefault({}),
  /** Values for later steps of the check, used as `${NAME}`. */
  capture: z.record(SecretNameSchema, CaptureSchema).default({}),
} as const;

const oneBody = 'use only one of json, form and body';
const hasOneBody = ({ json, form, body }: { json?: unknown; form?: unknown; body?: unknown }) =>
  [json, form, body].filter((value) => value !== undefined).length <= 1;

const HttpStepSchema = z.strictObject(request).refine(hasOneBody, oneBody);
export type HttpStep = z.infer<typeof HttpStepSchema>;

const HttpCheckSchema = z
  .strictObject({
    /** Unique within the suite. */
    name: z.string().min(1).max(10_000),
    /** Absent: as its suite. */
    severity: SeveritySchema.optional(),
    /** The one request of the check; or else its steps. */
    ...request,
    path: request.path.optional(),
    /** A sequence of requests; the first unexpected response ends the check. */
    steps: z.array(HttpStepSchema).min(1).max(50).optional(),
  })
  .refine(hasOneBody, oneBody)
  .refine(({ path, steps }) => (path === undefined) !== (steps === undefined), 'use either path or steps');
export type HttpCheck = z.infer<typeof HttpCheckSchema>;

/** The requests of a check, in order. */
export function stepsOf({
  name: _name,
  severity: _severity,
  path,
  steps,
  ...single
}: HttpCheck): readonly HttpStep[] {
  return path === undefined ? (steps ?? []) : [{ ...single, path }];
}

/** Checks that send HTTP requests to the service, described in the config. */
export const HttpSuiteSchema = z
  .strictObject({
    ...suiteCommon,
    kind: z.literal('http'),
    checks: z.array(HttpCheckSchema).min(1).max(5_000),
  })
  .superRefine(({ checks, secrets }, context) => {
    const names = new Map<string, number>();
    for (const [n, check] of checks.entries()) {
      const first = names.get(check.name);
      if (first !== undefined)
        context.addIssue({
          code: 'custom',
          path: ['checks', n, 'name'],
          message: `give each check a unique name: checks[${first}] already has this one`,
          input: check.name,
        });
      names.set(check.name, first ?? n);
      const known = new Set<string>([...buildVariables, ...Object.keys(secrets)]);
      for (const [s, step] of stepsOf(check).entries()) {
        for (const { name, path } of referencesIn(step))
          if (!known.has(name))
            context.addIssue({
              code: 'custom',
              path: ['checks', n, ...(check.steps ? ['steps', s] : []), ...path],
              message: `declare ${name} in the suite's secrets, or capture it in an earlier step`,
              input: `\${${name}}`,
            });
        for (const name of Object.keys(step.capture)) known.add(name);
      }
    }
  });
export type HttpSuite = z.infer<typeof HttpSuiteSchema>;
