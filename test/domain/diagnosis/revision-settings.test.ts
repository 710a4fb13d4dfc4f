import { describe, expect, it } from '@jest/globals';
import { compareSettings } from '../../../shared/domain/diagnosis/revision-settings.ts';

const of = (settings: Readonly<Record<string, string>>) => new Map(Object.entries(settings));

describe('the comparison of two revisions', () => {
  it('names what was changed, added and removed, and nothing else', () => {
    const stable = of({ image: 'web@sha256:1', 'env.PORT': '8080', 'env.MODE': 'a' });
    const candidate = of({ image: 'web@sha256:2', 'env.PORT': '8080', 'env.COLOR': 'red' });
    expect(compareSettings(stable, candidate)).toEqual([
      { field: 'env.COLOR', before: undefined, after: 'red' },
      { field: 'env.MODE', before: 'a', after: undefined },
      { field: 'image', before: 'web@sha256:1', after: 'web@sha256:2' },
    ]);
  });

  it.each(['DB_PASSWORD', 'API_KEY', 'DATABASE_URL', 'AUTH', 'SENTRY_DSN'])(
    'hides the value of %s',
    (name) => {
      const field = `env.${name}`;
      expect(compareSettings(of({ [field]: 'one' }), of({ [field]: 'two' }))).toEqual([
        { field, before: '(hidden)', after: '(hidden)' },
      ]);
    },
  );

  it('shows which version of a secret it is', () => {
    const [change] = compareSettings(of({ 'env.KEY': 'secret key:1' }), of({ 'env.KEY': 'secret key:2' }));
    expect(change).toEqual({ field: 'env.KEY', before: 'secret key:1', after: 'secret key:2' });
  });
});
