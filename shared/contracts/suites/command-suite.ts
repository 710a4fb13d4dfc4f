import { z } from 'zod';
import { DurationSchema } from '../duration.ts';
import { isBuildVariable } from '../expectations/build-variables.ts';
import { JobNameTextSchema } from './job-name.ts';
import { referencesIn } from './references.ts';
import { suiteCommon } from './suite-common.ts';

/** The placeholders of a command, `{name}`; a shell variable `${NAME}` is left alone. */
const placeholder = /(?<!\$)\{([A-Za-z]+)\}/g;
const placeholders = ['tests', 'testsFile', 'results'];

const CommandLineSchema = z
  .string()
  .min(1)
  .max(4_000)
  .regex(/^[^\0]*$/, 'must not contain NUL');

const VariableNameSchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'not a valid variable name');

/** Tests of any runner that writes JUnit XML or CTRF. */
export const CommandSuiteSchema = z
  .strictObject({
    ...suiteCommon,
    kind: z.literal('command'),
    /** An `sh` command line that prints the ids of all tests: one per line, or a JSON list. */
    list: CommandLineSchema,
    /**
     * An `sh` command line that runs some tests: `{tests}` expands to their ids as separate words, `{testsFile}` to a
     * file with one id per line, `{results}` to the report file to write.
     */
    run: CommandLineSchema,
    /** The working directory of both; absent: the guard's own. */
    cwd: z.string().min(1).max(1_000).optional(),
    /** Added to the variables that every command gets; values may refer to secrets of the suite. */
    env: z.record(VariableNameSchema, z.string()).default({}),
    /** Variables of the guard's own environment that both get, where they are set; a job has those of its image. */
    passEnv: z.array(VariableNameSchema).max(100).default([]),
    /** The time from one start of the runner to its first test. */
    startup: DurationSchema.default('3s'),
    /** The Cloud Run job in which functions run both; `guard` ignores it and runs them itself. */
    job: JobNameTextSchema.optional(),
  })
  .superRefine(({ list, run, env, secrets }, context) => {
    const fault = (path: (string | number)[], message: string, input: string) =>
      context.addIssue({ code: 'custom', path, message, input });
    const named = new Set([...run.matchAll(placeholder)].map(([, name = '']) => name));
    for (const name of named)
      if (!placeholders.includes(name))
        fault(['run'], `{${name}} is unknown: use {tests}, {testsFile} and {results}`, run);
    if (placeholder.test(list)) fault(['list'], 'must not contain {…}: it lists all tests', list);
    placeholder.lastIndex = 0;
    if (!named.has('tests') && !named.has('testsFile'))
      fault(['run'], 'add {tests}, or {testsFile} for a file with one test per line', run);
    if (!named.has('results'))
      fault(
        ['run'],
        'add {results}, the report file: --junitxml={results}, or the option of your runner',
        run,
      );
    for (const { name, path } of referencesIn(env))
      if (!Object.hasOwn(secrets, name))
        fault(
          ['env', ...path],
          isBuildVariable(name)
            ? `commands find it as DEPLOY_LOOP_${name}`
            : `declare ${name} in the suite's secrets`,
          `\${${name}}`,
        );
  });
export type CommandSuite = z.infer<typeof CommandSuiteSchema>;
