import { z } from 'zod';
import { parseRepository } from '../../domain/scm/repository.ts';
import { SecretSourceSchema } from '../suites/secret-source.ts';

/** GitHub takes any text; commas separate names where labels are listed. */
const LabelSchema = z
  .string()
  .max(50)
  .regex(/^[^\s,](?:[^,\r\n]*[^\s,])?$/, 'a label has no comma and no space at its ends');

const AuthSchema = z.union(
  [
    z.strictObject({ token: SecretSourceSchema }),
    z.strictObject({
      appId: z.int().min(1),
      installationId: z.int().min(1),
      privateKey: SecretSourceSchema,
    }),
  ],
  'write `{ token: SECRET }`, or `{ appId: 1, installationId: 2, privateKey: SECRET }`, where SECRET is `{ env: NAME }` or `{ secretManager: projects/…/secrets/…/versions/… }`',
);

const fields = {
  /** The repository that the service is built from: the only one that is ever written to. */
  repo: z
    .string()
    .refine((text) => parseRepository(text) !== undefined, 'write the repository as OWNER/NAME')
    .meta({ example: 'acme/shop' }),
  auth: AuthSchema,
  /** Of GitHub, or `https://HOST/api/v3` of GitHub Enterprise Server. */
  apiUrl: z
    .url('not a URL')
    .regex(/^https?:\/\/[^?#@]+$/, 'write an https URL without a query')
    .refine(
      (text) => text.startsWith('https:') || /^http:\/\/(127\.0\.0\.1|\[::1\])(:|\/|$)/.test(text),
      'a credential is sent by https only',
    ),
  /** An issue for each cause of a failure. */
  issues: z.boolean(),
  /** Of each issue, besides those of the service and of the priority. */
  labels: z.array(LabelSchema).max(2),
  /** A deployment with its status, and a check run of the commit where the credential is an App's. */
  status: z.boolean(),
  /** The environment of deployments; absent: the service's name. */
  environment: z
    .string()
    .max(100)
    .regex(/^[\w.-][\w .-]*$/, 'letters, digits, spaces, dots, dashes and underscores')
    .optional(),
  /** A comment on the merged pull request that brought the commit. */
  comment: z.boolean(),
  /** Whether a pull request may propose a mechanical mend. */
  prevention: z.boolean(),
} as const;

/** As it is stored, with every default. */
export const GithubSchema = z.strictObject({
  ...fields,
  apiUrl: fields.apiUrl.default('https://api.github.com'),
  issues: fields.issues.default(true),
  labels: fields.labels.default(['deploy-loop']),
  status: fields.status.default(true),
  comment: fields.comment.default(false),
  prevention: fields.prevention.default(false),
});
export type GithubConfig = z.infer<typeof GithubSchema>;

/** As people write it: `defaults` may have one part, and the service another. */
export const GithubFileSchema = z.strictObject(fields).partial();
