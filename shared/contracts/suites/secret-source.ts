import { z } from 'zod';

/** The name of a secret, used as `${NAME}`. */
export const SecretNameSchema = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'a secret name has capitals, digits and underscores, such as API_KEY');

/** The source of a secret's value; the config never contains the value itself. */
export const SecretSourceSchema = z.union(
  [
    z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'not a valid variable name') }),
    z.strictObject({
      secretManager: z
        .string()
        .regex(
          /^projects\/[a-z0-9.:-]+\/secrets\/[A-Za-z0-9_-]+\/versions\/([1-9][0-9]*|latest)$/,
          'projects/PROJECT/secrets/NAME/versions/VERSION',
        ),
    }),
  ],
  'write `{ env: NAME }` or `{ secretManager: projects/…/secrets/…/versions/… }`',
);
export type SecretSource = z.infer<typeof SecretSourceSchema>;
