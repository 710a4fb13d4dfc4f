import type { Rule } from '../rule.ts';

/**
 * The versions of services that belong together. Any rollout makes them differ for a while: that is a cause only where
 * nothing else is known, and costs no other cause its likelihood.
 */
export const versionRules: readonly Rule[] = [
  {
    name: 'group-versions',
    layer: 'cause',
    means: 'version-mismatch',
    weight: 36,
    pattern: String.raw`^group \S+: not the same version`,
    says: 'services that belong together were not of the same version, and nothing else is known',
    from: ['verdict'],
    source: 'deploy-loop.yaml, groups',
  },
];
