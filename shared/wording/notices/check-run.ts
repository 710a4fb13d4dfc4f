import { type CheckConclusion, conclusionOf } from '../../domain/notices/commit-status.ts';
import type { FoundCause } from '../../domain/notices/found-cause.ts';
import type { RunStory } from '../../domain/notices/run-story.ts';
import { countOf } from '../../domain/render/count-of.ts';
import { assemble, type Section } from '../safe/assemble.ts';
import { plainText } from '../safe/chat-text.ts';
import { code, md, numbered } from '../safe/markdown.ts';
import { checksSection } from './issue/issue-checks.ts';
import { doneSection } from './issue/issue-course.ts';
import { headSection } from './issue/issue-head.ts';
import { linksSection } from './issue/issue-remedy.ts';
import { isFailure, tellUsers, tellVerdict } from './tell-state.ts';

/** GitHub takes no more at once. */
const maxAnnotations = 50;
/** GitHub takes 65,535 characters. */
const maxSummary = 60_000;
const maxCauses = 50;

/** A check run of the commit, in GitHub's terms. */
export interface CheckRunText {
  /** Absent: it is in progress. */
  readonly conclusion?: CheckConclusion | undefined;
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  readonly annotations: readonly CheckAnnotation[];
}

export interface CheckAnnotation {
  readonly path: string;
  readonly line: number;
  readonly level: 'failure' | 'warning';
  readonly title: string;
  readonly message: string;
}

/** @param causes in the order of their importance */
export function checkRunText(story: RunStory, causes: readonly FoundCause[]): CheckRunText {
  const { run } = story;
  const conclusion = conclusionOf(run);
  const hasFailed = isFailure(run);
  const told = hasFailed ? causes : [];
  const sections = [
    headSection(story),
    causesSection(told),
    doneSection(story),
    checksSection(story),
    linksSection(story),
  ];
  const title = told.length > 0 ? tellCauses(told) : `${tellVerdict(run)}: ${tellUsers(story)}`;
  return {
    ...(conclusion === undefined ? {} : { conclusion }),
    title: plainText(title, 200),
    summary: assemble(sections, maxSummary).source,
    annotations: told.flatMap((cause) => annotationOf(cause)).slice(0, maxAnnotations),
  };
}

/** `3 causes: 2 new, 1 old since web-7` */
export function tellCauses(causes: readonly FoundCause[]): string {
  const fresh = causes.filter(({ since }) => since === undefined).length;
  const old = causes.flatMap(({ since }) => since ?? []);
  const since = [...new Set(old)].slice(0, 3).join(', ');
  const parts = [
    ...(fresh > 0 ? [`${fresh} new`] : []),
    ...(old.length > 0 ? [`${old.length} old since ${since}`] : []),
  ];
  return `${countOf(causes.length, 'cause')}: ${parts.join(', ')}`;
}

function causesSection(causes: readonly FoundCause[]): Section {
  const lines = causes.slice(0, maxCauses).map(({ text, since, place }) => {
    const age = since === undefined ? md`**new**` : md`old since ${code(since)}`;
    return place ? md`${age}: ${text} (${code(`${place.path}:${place.line}`)})` : md`${age}: ${text}`;
  });
  const more = causes.length - lines.length;
  return {
    heading: 'Causes',
    rank: 1,
    parts: lines.length === 0 ? [] : [numbered(lines), ...(more > 0 ? [md`and ${more} more`] : [])],
  };
}

/** Only places inside the repository. */
function annotationOf({ text, since, place }: FoundCause): readonly CheckAnnotation[] {
  if (!place || !isInside(place.path) || !Number.isSafeInteger(place.line) || place.line < 1) return [];
  return [
    {
      path: place.path,
      line: place.line,
      level: since === undefined ? 'failure' : 'warning',
      title: plainText(since === undefined ? 'new cause of the failed deploy' : `fails since ${since}`, 200),
      message: plainText(text, 2_000),
    },
  ];
}

function isInside(path: string): boolean {
  return /^[\w@.+ -][\w@.+ /-]{0,250}$/.test(path) && !path.split('/').includes('..');
}
