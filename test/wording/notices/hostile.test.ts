import { describe, expect, it, test } from '@jest/globals';
import { checkRunText } from '../../../shared/wording/notices/check-run.ts';
import { deploymentStatus } from '../../../shared/wording/notices/deployment-status.ts';
import { issueBody } from '../../../shared/wording/notices/issue/issue-body.ts';
import { issueTitle } from '../../../shared/wording/notices/issue/issue-title.ts';
import { readMarker } from '../../../shared/wording/notices/markers.ts';
import { preventionBody, preventionTitle } from '../../../shared/wording/notices/prevention-body.ts';
import { pullComment } from '../../../shared/wording/notices/pull-comment.ts';
import { statusComment } from '../../../shared/wording/notices/status-comment.ts';
import { code, fence, link, list, md, table, text } from '../../../shared/wording/safe/markdown.ts';
import { quoteForShell } from '../../../shared/wording/safe/quote-for-shell.ts';
import { hostileStory } from './hostile-story.ts';
import { hostilePieces, hostileTexts } from './hostile-texts.ts';
import { prevention } from './prevention-example.ts';
import { actingIn, effectsOf } from './safe-markdown.ts';
import { fingerprint, recurring, restored } from './stories.ts';

const nothing = { links: [], images: [], html: [], headings: [] };
const seeds = [1, 2, 3, 4, 5, 6];
const single = [...hostilePieces, ...hostileTexts(7, 800)];

describe('a hostile text', () => {
  it.each([
    ['in a sentence', (outside: string) => md`It says ${outside}.`, 0],
    ['at the beginning of a paragraph', (outside: string) => text(outside), 0],
    ['in a list', (outside: string) => list([outside, md`**now** ${outside}`]), 0],
    ['as code', (outside: string) => md`${code(outside)} and ${code(outside)}`, 0],
    ['in a table', (outside: string) => table(['a', 'b'], [[outside, code(outside)]]), 0],
    ['in a block', (outside: string) => fence(outside, 3_000), 1],
    ['as the label of a link', (outside: string) => md`See ${link(text(outside), 'no address')}`, 0],
  ] as const)('%s is only text', (_place, render, fences) => {
    const broken = single.flatMap((outside) => {
      const { source } = render(outside);
      const effects = effectsOf(source);
      const expected = { ...nothing, fences };
      const isSafe = JSON.stringify(effects) === JSON.stringify(expected) && actingIn(source).length === 0;
      return isSafe ? [] : [{ outside, source, effects, acting: actingIn(source) }];
    });
    expect(broken).toEqual([]);
  });

  it('in a table stays in its cell', () => {
    const broken = single.filter((outside) => {
      const lines = table(['a', 'b'], [[outside, code(outside)]]).source.split('\n');
      return lines.length !== 3 || lines[2]?.match(/(?<!\\)\|/g)?.length !== 3;
    });
    expect(broken).toEqual([]);
  });

  it('is still readable', () => {
    expect(text('cart: **total** is <0> & [x](y)').source).toBe(
      'cart: \\*\\*total\\*\\* is &lt;0&gt; &amp; \\[x\\](y)',
    );
    expect(code('tests/test_a.py::test_b').source).toBe('`tests/test_a.py::test_b`');
    expect(fence('a\n  b\n', 100).source).toBe('```\na\n  b\n\n```');
  });

  it('that is cut shows no half of a secret', () => {
    // The cut of what is looked at is in the middle of the token, and the colours before it vanish.
    const colours = '\u001b[0m'.repeat(4_990);
    const token = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';
    const outside = `${colours}${' '.repeat(20_000 - colours.length - 12)}${token} and more`;
    expect(fence(outside, 3_000).source).not.toContain('ghp_');
  });

  test.each(['https://user@evil.example.com', 'javascript:alert(1)', 'data:text/html,x', 'no address', ''])(
    'is no address of a link: %s',
    (address) => {
      expect(link('label', address).source).toBe('label');
    },
  );

  it('in a command is one argument, and mentions nobody', () => {
    expect(quoteForShell('a/b.c=d')).toBe('a/b.c=d');
    expect(quoteForShell("it's @acme $(rm)")).toBe("'it'\\''s @''acme $(rm)'");
    expect(actingIn(single.map(quoteForShell).join(' ')).filter((found) => found.startsWith('@'))).toEqual(
      [],
    );
  });
});

describe('a text of far too much that is hostile', () => {
  const allowedLinks =
    /^https:\/\/(?:console\.cloud\.google\.com|deploy-loop\.example\.com|github\.com\/acme)\//;
  const allowedHtml =
    /^(?:<!-- deploy-loop:(?:issue|status|pull-comment|prevention):[a-z0-9.-]+ -->|<details><summary>|<\/?(?:b|sub|details|summary)>)/;
  const history = {
    ...recurring,
    recurrences: recurring.recurrences.map((one, n) => ({
      ...one,
      outcome: { code: 'done' as const, text: hostileTexts(9, 25)[n] ?? '' },
    })),
  };
  const bodies: Readonly<Record<string, (seed: number) => readonly string[]>> = {
    'an issue': (seed) => [issueBody(hostileStory(seed), fingerprint)],
    'a check run': (seed) => [checkRunText(hostileStory(seed), causesOf(seed)).summary],
    'a comment on a pull request': (seed) => [
      pullComment({ ...hostileStory(seed), reportUrl: undefined }, undefined),
    ],
    'a status comment': () => [statusComment(history)],
    'a pull request': (seed) => [preventionBody(hostilePrevention(seed))],
  };

  it.each(Object.entries(bodies))('in %s has no effect, and fits', (_kind, render) => {
    for (const body of seeds.flatMap(render)) {
      const { links, images, html, headings } = effectsOf(body);
      expect(links.filter((href) => !allowedLinks.test(href))).toEqual([]);
      expect(html.filter((raw) => !allowedHtml.test(raw))).toEqual([]);
      expect(images).toEqual([]);
      expect(headings.filter((heading) => !/^[A-Z][A-Za-z ()0-9]+$/.test(heading))).toEqual([]);
      expect(actingIn(body.replace(/Closes #12\./, ''))).toEqual([]);
      expect(body.length).toBeLessThanOrEqual(60_000);
    }
  });

  it('in an issue leaves out whole parts, the least important first, and says so', () => {
    const body = issueBody(hostileStory(1), fingerprint);
    expect(body).toMatch(/\*Left out for its length: .*Audits.*\*$/);
    for (const heading of ['What to do', 'What was done', 'Impact', 'Why', 'How to reproduce', 'Links'])
      expect(body).toContain(`### ${heading}`);
    expect(effectsOf(body).fences).toBe((body.match(/^`{3,}(?:sh)?$/gm)?.length ?? 0) / 2);
  });

  it.each(['|', '@', '`', '<', '\u001b', '\ud83d\ude42', 'x\n'])('fits if it is all %j', (piece) => {
    const flood = piece.repeat(100_000);
    const { diagnosis, checks, audits = [], run, ...rest } = hostileStory(3);
    const story = {
      ...rest,
      run: { ...run, reasons: run.reasons.map((reason) => ({ ...reason, text: flood })) },
      diagnosis: diagnosis?.result && {
        result: { ...diagnosis.result, summary: flood, missing: [flood, flood] },
      },
      checks: checks.map((check) => ({ ...check, id: flood, detail: flood, owner: flood })),
      audits: audits.slice(0, 20).map((audit) => ({ ...audit, name: flood, reason: flood })),
      decisions: rest.decisions.map((decision) => ({ ...decision, reasons: run.reasons })),
    };
    const body = issueBody(story, fingerprint);
    expect(body.length).toBeLessThanOrEqual(60_000);
    expect(body).toContain('### What to do');
    expect(effectsOf(body).headings).not.toContain('');
  });

  it('is found by its own marker alone', () => {
    const body = issueBody(hostileStory(2), fingerprint);
    expect(readMarker(body)).toEqual({ kind: 'issue', id: fingerprint });
    expect(body.match(/<!--/g)).toHaveLength(1);
    expect(readMarker(`quoted: ${body}`)).toBeUndefined();
    expect(() => issueBody(restored, '--> <b>')).toThrow('not the id of a marker');
  });

  it.each(seeds)('in titles and descriptions is one short line (seed %i)', (seed) => {
    const story = hostileStory(seed);
    const check = checkRunText(story, causesOf(seed));
    const lines = [
      [issueTitle(story), 120],
      [preventionTitle(hostilePrevention(seed)), 120],
      [deploymentStatus(story).description, 140],
      [check.title, 200],
      ...check.annotations.flatMap(({ title, message }) => [
        [title, 200] as const,
        [message, 2_000] as const,
      ]),
    ] as const;
    for (const [line, max] of lines) {
      expect(line.length).toBeLessThanOrEqual(max);
      expect(line).not.toContain('\n');
      expect(actingIn(line)).toEqual([]);
    }
  });

  it('gives a check run at most 50 places, all of them inside the repository', () => {
    const { annotations } = checkRunText(hostileStory(1), causesOf(1));
    expect(annotations).toHaveLength(50);
    expect(annotations.every(({ path }) => /^src\/a\d+\.py$/.test(path))).toBe(true);
  });
});

function causesOf(seed: number) {
  const outside = ['/etc/passwd', '../x.py', 'a/../../x.py', 'a\nb.py', ''];
  const places = [...outside, ...Array.from({ length: 80 }, (_, n) => `src/a${n}.py`)];
  return places.map((path, n) => ({
    text: hostileTexts(seed, 90)[n] ?? '',
    place: { path, line: n === 7 ? -1 : n + 1 },
  }));
}

function hostilePrevention(seed: number) {
  const texts = hostileTexts(seed, 300);
  const pick = (n: number) => texts[n] ?? '';
  return {
    ...prevention,
    service: pick(0),
    title: pick(1),
    why: pick(2),
    changes: texts.slice(3, 8).map((path, n) => ({ path, what: pick(n + 4) })),
    evidence: texts.slice(9, 200).map((evidence, n) => ({ ref: pick(n + 10), text: evidence.repeat(100) })),
    risk: pick(11),
  };
}
