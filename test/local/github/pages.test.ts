import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LocalGithub } from '../../../infra/local/github/local-github.ts';
import { renderMarkdown } from '../../../infra/local/github/page/markdown.ts';
import type { LocalRepository } from '../../../infra/local/github/state/local-repository.ts';

let github: LocalGithub;
let repository: LocalRepository;
beforeAll(async () => {
  github = await LocalGithub.start();
  repository = github.addRepository({ owner: 'acme', name: 'shop' });
  repository.addIssue({
    title: 'Deploy failed: <b>shop</b>',
    body: '<!-- marker -->\n**Impact** and <script>alert(1)</script>\n\n| a | b |\n|---|---|\n| 1 | 2 |',
    author: 'deploy-loop[bot]',
    labels: ['P1'],
  });
  const at = new Date(0);
  repository.comments.set(5, { id: 5, issue: 1, body: '- once', author: 'x', createdAt: at, updatedAt: at });
});
afterAll(() => github.close());

const page = async (path: string) => {
  const response = await fetch(`${github.pageUrl}${path}`);
  return {
    status: response.status,
    policy: response.headers.get('content-security-policy'),
    text: await response.text(),
  };
};

describe('the pages', () => {
  it('list what was written', async () => {
    expect((await page('/')).text).toContain('<a href="/acme/shop">');
    const { text } = await page('/acme/shop');
    expect(text).toContain('<a href="/acme/shop/issues/1">#1 Deploy failed: &lt;b&gt;shop&lt;/b&gt;</a>');
    expect(text).toContain('<span class="label">P1</span>');
  });

  it('show an issue rendered, with its comments, and no script', async () => {
    const { text, policy } = await page('/acme/shop/issues/1');
    expect(text).toContain('<strong>Impact</strong> and &lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('<td>1</td>');
    expect(text).toContain('<li>once</li>');
    expect(text).not.toContain('marker');
    expect(text).not.toContain('<script');
    expect(policy).toMatch(/^default-src 'none'; style-src 'self';/);
  });

  it.each(['/acme/none', '/acme/shop/issues/9', '/acme/shop/runs/9', '/x'])(
    'know nothing at %s',
    async (path) => {
      expect((await page(path)).status).toBe(404);
    },
  );
});

it.each([
  ['<details><summary>More</summary>x</details>', '<details><summary>More</summary>x</details>'],
  ['<details open onclick="x()">', '&lt;details open onclick=&quot;x()&quot;&gt;'],
  ['a <img src="https://beacon.example/x"> b', '&lt;img src=&quot;https://beacon.example/x&quot;&gt;'],
  ['![i](https://beacon.example/x)', '[image i: https://beacon.example/x]'],
  ['[x](javascript:alert(1))', '<p>x</p>'],
  ['[x](//evil.example)', '<p>x</p>'],
  ['[x](https://a.example/"onmouseover="x)', 'href="https://a.example/&quot;onmouseover=&quot;x"'],
  ['a<!-- hidden <b> -->b', '<p>ab</p>'],
])('renders %j without harm', (text, shown) => {
  const rendered = renderMarkdown(text);
  expect(rendered).toContain(shown);
  expect(rendered).not.toMatch(/<(script|img|iframe|b)\b|javascript:|<[^>]*\son\w+=/);
});
