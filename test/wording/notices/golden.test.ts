import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { NoticeEventDocument } from '../../../shared/contracts/output/notice-output.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import type { FoundCause } from '../../../shared/domain/notices/found-cause.ts';
import type { RunStory } from '../../../shared/domain/notices/run-story.ts';
import { noticeEventDocument } from '../../../shared/output/notice-output.ts';
import { checkRunText } from '../../../shared/wording/notices/check-run.ts';
import { deploymentStatus } from '../../../shared/wording/notices/deployment-status.ts';
import { googleChatPayload } from '../../../shared/wording/notices/google-chat-payload.ts';
import { issueBody } from '../../../shared/wording/notices/issue/issue-body.ts';
import { issueTitle } from '../../../shared/wording/notices/issue/issue-title.ts';
import { preventionBody, preventionTitle } from '../../../shared/wording/notices/prevention-body.ts';
import { pullComment } from '../../../shared/wording/notices/pull-comment.ts';
import { slackPayload } from '../../../shared/wording/notices/slack-payload.ts';
import { statusComment } from '../../../shared/wording/notices/status-comment.ts';
import { events } from './events.ts';
import { hostileStory } from './hostile-story.ts';
import { prevention } from './prevention-example.ts';
import {
  fingerprint,
  inconclusive,
  notCompared,
  passed,
  recurring,
  restored,
  solved,
  unknownCause,
  unrestored,
} from './stories.ts';

const folder = join(import.meta.dirname, 'golden');
/** With `UPDATE_GOLDEN=1` the files are written; look at what changes. */
const isUpdate = process.env.UPDATE_GOLDEN === '1';

const causes: readonly FoundCause[] = [
  { text: 'The environment variable DATABASE_URL is not set.', place: { path: 'settings.py', line: 41 } },
  { text: 'The receipt is not sent in time.', since: 'web-0' as RevisionName },
];
const issueUrl = 'https://github.com/acme/shop/issues/12';
const failures: Readonly<Record<string, RunStory>> = {
  restored,
  unrestored,
  'not-compared': notCompared,
  inconclusive,
  'unknown-cause': unknownCause,
  hostile: hostileStory(1),
};

const texts: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(failures).map(([name, story]) => [
      `issue-${name}.md`,
      `${issueTitle(story)}\n\n${issueBody(story, fingerprint)}\n`,
    ]),
  ),
  'status-recurring.md': `${statusComment(recurring)}\n`,
  'status-solved.md': `${statusComment(solved)}\n`,
  'pull-comment-restored.md': `${pullComment(restored, issueUrl)}\n`,
  'pull-comment-passed.md': `${pullComment(passed, undefined)}\n`,
  'prevention.md': `${preventionTitle(prevention)}\n\n${preventionBody(prevention)}\n`,
  'check-run-failed.md': checkRunPage(unrestored, causes),
  'check-run-passed.md': checkRunPage(passed, []),
  'deployments.json': jsonOf({
    ...Object.fromEntries(Object.entries(failures).map(([name, story]) => [name, deploymentStatus(story)])),
    passed: deploymentStatus(passed),
  }),
  'slack.json': jsonOf(Object.values(events).map(slackPayload)),
  'google-chat.json': jsonOf(Object.values(events).map(googleChatPayload)),
  'events.json': jsonOf(Object.values(events).map(noticeEventDocument)),
};

describe('the text of', () => {
  if (isUpdate) {
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(texts)) writeFileSync(join(folder, file), text);
  }

  it.each(Object.entries(texts))('%s is the one that was looked at', (file, text) => {
    expect(text).toBe(readFileSync(join(folder, file), 'utf8'));
  });

  it('the example in docs/github.md is one of them', () => {
    const guide = readFileSync(join(import.meta.dirname, '../../../docs/github.md'), 'utf8');
    expect(guide).toContain(`\n${issueBody(restored, fingerprint)}\n`);
    expect(guide).toContain(issueTitle(restored));
  });

  it('no other file', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(texts).sort());
  });

  it('each event fits its schema', () => {
    for (const event of Object.values(events)) NoticeEventDocument.parse(noticeEventDocument(event));
  });
});

function checkRunPage(story: RunStory, found: readonly FoundCause[]): string {
  const { summary, ...rest } = checkRunText(story, found);
  return `${JSON.stringify(rest, null, 2)}\n\n${summary}\n`;
}

function jsonOf(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
