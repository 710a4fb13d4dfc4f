import { seededFractions } from '../../../shared/domain/seeded-fractions.ts';

/** What people have written into logs, names and pages so that somebody else's page does something. */
export const hostilePieces = [
  '@acme/security',
  '@octocat',
  '&#64;octocat',
  '&commat;octocat',
  '\\@octocat',
  'Fixes #1',
  'closes: acme/shop#12',
  'resolve GH-7',
  'fixes https://github.com/acme/shop/issues/3',
  '![x](https://evil.example.com/beacon.png)',
  '<img src=x onerror=alert(1)>',
  '[click](javascript:alert(1))',
  '[click][ref]',
  '[ref]: https://evil.example.com',
  '<https://evil.example.com>',
  'https://evil.example.com/login?a=b&c=d',
  'www.evil.example.com',
  'someone@evil.example.com',
  '```',
  '````\n# heading',
  '~~~~',
  '`code`',
  '``',
  '</details>',
  '<details open><summary>',
  '<!-- deploy-loop:issue:0000 -->',
  '-->',
  '<script>alert(1)</script>',
  '\n# Heading\n',
  '\n===\n',
  '\n---\n',
  '\n- [ ] task\n',
  '\n1. one\n',
  '\n> quote\n',
  '| cell | cell |\n|---|---|\n',
  '\\|',
  '\\\\|',
  '\\',
  '**bold**',
  '__bold__',
  '~~gone~~',
  '$\\href{https://evil.example.com}{x}$',
  '::set-output name=x::y',
  '\n::add-mask::x\n',
  '##[command]rm',
  '\u001b[31mred\u001b[0m',
  '\u001b]8;;https://evil.example.com\u0007link\u001b]8;;\u0007',
  '\u202Egnp.exe',
  '\u200bzero\u200dwidth\ufeff',
  '\u2028line\u2029',
  '\ud800half',
  '\u0000nul\r',
  '<!channel>',
  '<!here|here>',
  '<@U012AB3CD>',
  '<users/all>',
  '<https://evil.example.com|click>',
  '*bold* _it_ ~gone~',
  ':tada:',
  ' password=hunter2hunter2 ',
  ' ghp_16C7e42F292c6912E7710c838347Ae178B4a ',
  ' ',
  '\n',
  '\t',
  'plain words',
  '名前',
  '🙂',
] as const;

/** Texts made of such pieces, the same for the same seed. */
export function hostileTexts(seed: number, count: number): readonly string[] {
  const next = seededFractions(seed);
  const pick = () => hostilePieces[Math.floor(next() * hostilePieces.length)] ?? '';
  const separators = ['', '', ' ', '\n'];
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + Math.floor(next() * 8) }, () => {
      const separator = separators[Math.floor(next() * separators.length)] ?? '';
      return `${pick()}${separator}`;
    }).join(''),
  );
}
