import type { Prevention } from '../../domain/notices/prevention.ts';
import { assemble } from '../safe/assemble.ts';
import { plainText } from '../safe/chat-text.ts';
import { code, commands, fence, joined, md, table, text } from '../safe/markdown.ts';
import { maxBodyLength } from './issue/issue-body.ts';
import { markerOf } from './markers.ts';

const titleLength = 120;
const maxEvidence = 10;
const maxFiles = 20;

export function preventionTitle({ title }: Prevention): string {
  return plainText(title, titleLength);
}

/** The pull request that prevents such a failure. It closes the issue only where nothing else is needed. */
export function preventionBody(prevention: Prevention): string {
  const { fingerprint, service, why, changes, evidence, test, risk } = prevention;
  const files = changes.slice(0, maxFiles).map(({ path, what }) => [code(path), text(what, 300)]);
  const shown = evidence
    .slice(0, maxEvidence)
    .map((one) => joined([md`${code(one.ref)}`, fence(one.text, 2_000)], '\n'));
  const sections = [
    { rank: 0, parts: [markerOf('prevention', fingerprint)] },
    {
      rank: 0,
      parts: [
        md`A deploy of ${code(service)} failed. This change prevents that it fails so again.`,
        ...issueLine(prevention),
      ],
    },
    { heading: 'Changes', rank: 1, parts: [table(['File', 'Change'], files)] },
    { heading: 'Why', rank: 2, parts: [text(why, 3_000)] },
    { heading: 'Evidence', rank: 5, parts: shown },
    { heading: 'How to test it', rank: 3, parts: test.length > 0 ? [commands(...test)] : [] },
    { heading: 'Risk', rank: 2, parts: [text(risk, 3_000)] },
    {
      rank: 4,
      parts: [
        md`<sub>Deploy Loop opened this pull request once, and changes its branch only when the base moves. Close it if you do not want it: it is not opened again.</sub>`,
      ],
    },
  ];
  return assemble(sections, maxBodyLength).source;
}

function issueLine({ issue }: Prevention) {
  if (!issue || !Number.isSafeInteger(issue.number)) return [];
  return [
    issue.isSolved
      ? md`Closes #${issue.number}.`
      : md`See #${issue.number}; it stays open, since more is needed.`,
  ];
}
