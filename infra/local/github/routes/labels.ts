import { z } from 'zod';
import { assertLength, invalid, notFound } from '../api-error.ts';
import { created, ok, type Route } from '../route.ts';

const maxName = 50;
const maxDescription = 100;
const Draft = z.object({
  name: z.string(),
  color: z.string().optional(),
  description: z.string().nullish(),
});

/** docs.github.com/rest/issues/labels */
export const labelRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/labels/:name',
    needs: { permission: 'issues', level: 'read' },
    handle({ repository, part }) {
      const label = repository.labels.get(part('name').toLowerCase());
      if (!label) throw notFound();
      return ok(label);
    },
  },
  {
    method: 'post',
    path: '/labels',
    needs: { permission: 'issues', level: 'write' },
    handle({ repository, body }) {
      const { name, color = 'ededed', description = null } = body(Draft);
      assertLength(name, maxName, { resource: 'Label', code: 'custom', field: 'name' });
      const field = { resource: 'Label', code: 'custom', field: 'description' } as const;
      assertLength(description ?? '', maxDescription, field);
      if (!/^[0-9a-f]{6}$/i.test(color))
        throw invalid({ resource: 'Label', code: 'invalid', field: 'color' });
      if (repository.labels.has(name.toLowerCase()))
        throw invalid({ resource: 'Label', code: 'already_exists', field: 'name' });
      const label = { id: repository.nextId(), name, color, description };
      repository.labels.set(name.toLowerCase(), label);
      return created(label);
    },
  },
];
