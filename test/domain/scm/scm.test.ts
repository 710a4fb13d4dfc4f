import { describe, expect, it } from '@jest/globals';
import { isCommitSha, parseRepository, repositoryText } from '../../../shared/domain/scm/repository.ts';
import { neededPermissions, reviewAccess, type ScmAccess } from '../../../shared/domain/scm/scm-access.ts';

describe('the name of a repository', () => {
  it.each(['acme/shop', 'A-1/x.y_z-', 'octo_short/a', 'a/.github', `${'a'.repeat(39)}/${'b'.repeat(100)}`])(
    'is read: %s',
    (text) => {
      const repository = parseRepository(text);
      expect(repository && repositoryText(repository)).toBe(text);
    },
  );

  it.each([
    '',
    'acme',
    'acme/',
    '/shop',
    'acme/shop/x',
    'acme/..',
    'acme/.',
    '../shop',
    'acme/sh op',
    'acme/shop?x',
    'acme/shop#x',
    'acme/sh%2Fop',
    '-acme/shop',
    'acme-/shop',
    'ac--me/shop',
    'acme/shop\n',
    'https://github.com/acme/shop',
    `${'a'.repeat(40)}/shop`,
    `acme/${'b'.repeat(101)}`,
  ])('is refused: %j', (text) => {
    expect(parseRepository(text)).toBeUndefined();
  });

  it('does not take long to refuse', () => {
    expect(parseRepository(`${'a-'.repeat(50_000)}/x`)).toBeUndefined();
  });
});

it.each([
  ['a'.repeat(40), true],
  ['0'.repeat(64), true],
  ['a'.repeat(39), false],
  ['A'.repeat(40), false],
  [`${'a'.repeat(40)}\n`, false],
  ['main', false],
])('%j is the id of a commit: %s', (text, isOne) => {
  expect(isCommitSha(text)).toBe(isOne);
});

describe('a credential', () => {
  const app = (permissions: Extract<ScmAccess, { kind: 'app' }>['permissions']) =>
    ({ kind: 'app', permissions }) as const;
  const expiresAt = undefined;
  const plain = { prevention: false, pullComments: false };
  const prevention = { prevention: true, pullComments: false };
  const comments = { prevention: false, pullComments: true };

  it.each([
    ['an App that fits', app(neededPermissions(plain)), plain, []],
    ['an App that fits with prevention', app(neededPermissions(prevention)), prevention, []],
    ['an App that comments', app(neededPermissions(comments)), comments, []],
    [
      'an App that cannot comment',
      app(neededPermissions(plain)),
      comments,
      [{ kind: 'missing', permissions: ['pull_requests:write'] }],
    ],
    [
      'an App for prevention, where it is off',
      app(neededPermissions(prevention)),
      plain,
      [{ kind: 'over-scoped', permissions: ['contents:write', 'pull_requests:write'] }],
    ],
    [
      'an App of an administrator that cannot write checks',
      app({ ...neededPermissions(plain), administration: 'read', issues: 'admin', checks: 'read' }),
      plain,
      [
        { kind: 'over-scoped', permissions: ['administration:read', 'issues:admin'] },
        { kind: 'missing', permissions: ['checks:write'] },
      ],
    ],
    ['a fine-grained token', { kind: 'fine-grained-token', expiresAt }, plain, [{ kind: 'no-check-runs' }]],
    [
      'a classic token',
      { kind: 'classic-token', scopes: ['repo', 'admin:org'], expiresAt },
      prevention,
      [{ kind: 'classic-token', scopes: ['repo', 'admin:org'] }, { kind: 'no-check-runs' }],
    ],
  ] as const)('that is %s is told so', (_, access, use, findings) => {
    expect(reviewAccess(access, use)).toEqual(findings);
  });
});
