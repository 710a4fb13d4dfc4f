import { platformOnly, type Rule } from '../rule.ts';

/** What the deploy itself did, or did not do. */
export const deployMechanicsRules: readonly Rule[] = [
  {
    name: 'settings-lost',
    layer: 'cause',
    means: 'config-drift',
    weight: 80,
    pattern: String.raw`(?i)(?:wiped|lost|dropped|removed|overwrit\w+|cleared|reset|missing after (?:the )?deploy)\b.{0,60}(?:env(?:ironment)?\b|secret references?|settings?|annotations?|variables?|vpc)|(?:env(?:ironment)?\b.{0,20}|secret references?|settings?|annotations?|variables?|vpc).{0,30}(?:wiped|lost|dropped|were removed|overwritten|cleared|reset)|config(?:uration)? drift|differs? (?:from|between) .{0,40}(?:staging|production|environment|revision)`,
    says: 'settings of the service were changed beside the code: $0',
    from: platformOnly,
    source: 'operators’ words',
  },
  {
    name: 'execution-environment',
    layer: 'cause',
    means: 'config-drift',
    weight: 66,
    pattern: String.raw`(?i)execution environment|\bgen ?1\b.{0,60}(?:not support|requires|needs|instead)|(?:requires|needs) .{0,20}\bgen ?2\b|(?:zero|no|without any) (?:container )?(?:output|logs?)\b.{0,80}(?:revision|container|probe|cloud run)|(?:emitted|wrote|produced|logged) (?:zero|no|nothing)`,
    says: 'the platform never ran the program: the revision has a setting that does not fit ($0)',
    source: 'cloud.google.com/run/docs/about-execution-environments',
  },
  {
    name: 'egress',
    layer: 'cause',
    means: 'config-drift',
    weight: 74,
    pattern:
      '(?i)(?:vpc-)?egress.{0,40}(?:changed|all-traffic|private-ranges|setting)|(?:memory|cpu|concurrency|timeout|min-?instances|max-?instances) (?:was |were )?(?:reduced|lowered|changed|reset|decreased) (?:from|to)',
    says: 'a setting of the service was changed: $0',
    source: 'operators’ words',
  },
  {
    name: 'old-code',
    layer: 'cause',
    means: 'fix-not-deployed',
    weight: 74,
    pattern:
      '(?i)(?:fix|commit|change|code)(?:es|s)? (?:is |are |was |were |has |have )?(?:not |never )(?:been )?(?:deployed|live|released|included|rolled out)|still (?:running|serving|on) (?:the )?(?:old|previous|stale)|(?:old|previous|stale) (?:revision|version|image|code) (?:is |was )?(?:still )?(?:serving|running|deployed|receiving)|version (?:mismatch|skew)|not (?:yet )?receiving traffic|serving 0 percent',
    says: 'users do not get the version that was meant: $0',
    source: 'operators’ words',
  },
  {
    name: 'build-failed',
    layer: 'cause',
    means: 'build-failure',
    weight: 84,
    pattern: String.raw`(?i)(?:cloud )?build (?:step )?.{0,40}(?:failed|failure|error|unsuccessful)\b|failed to (?:solve|build)|BUILD FAILURE|npm ERR! code ELIFECYCLE|docker build .{0,40}failed|returned a non-zero code|build step \d+ .{0,80}failed`,
    says: 'the build failed: $0',
    from: platformOnly,
    source: 'Cloud Build, Docker',
  },
  {
    name: 'not-ready',
    layer: 'platform',
    means: 'container-startup-failure/runtime-exception',
    weight: 32,
    pattern: String.raw`(?i)is not ready and cannot serve traffic|Ready condition status changed to False|"?Ready:? ?False|not ready\b`,
    says: 'the revision never became ready',
    from: platformOnly,
    source: 'cloudaudit.googleapis.com/system_event',
  },
  {
    name: 'conflict',
    layer: 'cause',
    means: 'quota/rate-limit',
    weight: 40,
    pattern: "Conflict for resource '[^']+': version|different configuration already exists",
    says: 'two deploys were made at the same time',
    from: platformOnly,
    source: 'Cloud Run Admin API',
  },
];
