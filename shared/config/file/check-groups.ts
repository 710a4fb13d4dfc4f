import { z } from 'zod';
import { type Config, ConfigSchema } from '../../contracts/config.ts';
import type { Group } from '../../contracts/groups/group.ts';
import { nearestWord } from './explain/nearest-word.ts';
import type { Finding } from './finding.ts';

/** The valid parts of a file: broken groups are none, and a broken service may still have a name. */
const SoundParts = z.object({
  groups: ConfigSchema.shape.groups.catch(undefined),
  services: z.array(z.object({ name: z.string() }).nullable().catch(null)),
});

/** The groups of a file, and their faults that concern several groups, or the services. */
export function checkGroups(value: unknown): {
  readonly groups: Config['groups'];
  readonly findings: readonly Finding[];
} {
  const sound = SoundParts.safeParse(value).data;
  const groups = sound?.groups ?? [];
  const names = (sound?.services ?? []).flatMap((service) => service?.name ?? []);
  return { groups: sound?.groups, findings: [...findSameNames(groups), ...findFaults(groups, names)] };
}

function findSameNames(groups: readonly Group[]): readonly Finding[] {
  return groups.flatMap(({ name }, n) => {
    const before = groups.findIndex((group) => group.name === name);
    if (before === n) return [];
    const message = `${name} is already in groups[${before}]`;
    return [{ path: ['groups', n, 'name'], message, fix: 'give each group a unique name' }];
  });
}

/** Each member is a service of the file, and in one group only. */
function findFaults(groups: readonly Group[], names: readonly string[]): readonly Finding[] {
  const places = groups.flatMap(({ services }, group) => services.map((name, n) => ({ name, group, n })));
  return places.flatMap(({ name, group, n }, place) => {
    const path = ['groups', group, 'services', n];
    const before = places.findIndex((other) => other.name === name);
    if (before < place) {
      const message = `${name} is already in groups[${places[before]?.group}]`;
      return [{ path, message, fix: 'name each service in one group, once' }];
    }
    if (names.includes(name)) return [];
    const near = nearestWord(name, names);
    const fix = near ? `did you mean ${near}?` : `name services of this file: ${names.join(', ')}`;
    return [{ path, message: `no service is named ${name}`, fix }];
  });
}
