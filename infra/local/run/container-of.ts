import type { Container } from '../process/container.ts';
import type { TemplateSpec } from './service-spec.ts';

/**
 * What a template runs: its own command, else what its image runs, with the template's environment on top.
 * @returns undefined: no command, and no such image
 */
export function containerOf(
  template: TemplateSpec,
  images: Readonly<Record<string, Container>>,
): Container | undefined {
  const spec = template.containers[0];
  const image = images[spec?.image ?? ''];
  const [command = image?.command, ...leading] = spec?.command ?? [];
  if (spec === undefined || command === undefined) return undefined;
  const ownArgs = [...leading, ...spec.args];
  const args = spec.command.length > 0 || ownArgs.length > 0 ? ownArgs : image?.args;
  const env = { ...image?.env, ...Object.fromEntries(spec.env.map(({ name, value }) => [name, value])) };
  return { command, args, env };
}

/** Undefined: the template leaves it to the platform. */
export function startTimeoutMsOf(template: TemplateSpec): number | undefined {
  const probe = template.containers[0]?.startupProbe;
  if (probe === undefined) return undefined;
  return probe.failureThreshold * Math.max(probe.periodSeconds, probe.timeoutSeconds) * 1_000;
}
