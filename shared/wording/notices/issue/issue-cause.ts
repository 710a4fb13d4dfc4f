import type { RunStory } from '../../../domain/notices/run-story.ts';
import { countOf } from '../../../domain/render/count-of.ts';
import { describeLikely } from '../../describe-diagnosis.ts';
import type { Section } from '../../safe/assemble.ts';
import { code, fence, joined, list, md, numbered } from '../../safe/markdown.ts';
import { splitReasons } from '../cause-of.ts';

const maxEvidence = 20;
const evidenceLength = 2_000;
const maxWhys = 8;
const maxOthers = 10;

/** What should be, and what is. */
export function expectedSection({ run, reproductions = [] }: RunStory): Section {
  const { noticed, compared } = splitReasons(run.reasons);
  const requests = reproductions.flatMap((one) =>
    one.kind === 'request' ? [md`${one.method} ${code(one.url)}: ${one.expected}`] : [],
  );
  const against = compared.map((reason) =>
    run.stable === undefined ? reason.text : md`compared with ${code(run.stable)}: ${reason.text}`,
  );
  const expected = [...requests, ...against];
  return {
    heading: 'Expected and current',
    rank: 3,
    parts: [
      joined([
        md`**Expected**`,
        list(expected.length > 0 ? expected : ['every probe and check passes']),
        md`**Current**`,
        list(noticed.length > 0 ? noticed.map((reason) => reason.text) : ['nothing else was noticed']),
      ]),
    ],
  };
}

/** From what was noticed to the cause, as far as the evidence goes. */
export function whySection({ diagnosis }: RunStory): Section {
  const heading = 'Why';
  const result = diagnosis?.result;
  if (!result)
    return { heading, rank: 3, parts: [md`The diagnosis is not made yet, and will be told here.`] };
  const whys = result.whys
    .slice(0, maxWhys)
    .map(({ question, answer, evidence }) => md`**${question}** ${answer} ${refs(evidence)}`);
  const others = result.alternatives
    .slice(0, maxOthers)
    .map((other) => md`${describeLikely(other)}: ${other.summary}`);
  const missing = result.missing.slice(0, maxOthers);
  return {
    heading,
    rank: 3,
    parts: [
      md`**${describeLikely(result)}**: ${result.summary}`,
      ...(whys.length > 0 ? [numbered(whys)] : []),
      ...(others.length > 0 ? [joined([md`What else it may be:`, list(others)])] : []),
      ...(missing.length > 0 ? [joined([md`What would have told more:`, list(missing)])] : []),
    ],
  };
}

function refs(evidence: readonly string[]) {
  return evidence.length === 0
    ? md``
    : md`(${joined(
        evidence.map((ref) => code(ref)),
        ', ',
      )})`;
}

/** What the steps refer to comes first. */
export function evidenceSection({ diagnosis }: RunStory): Section {
  const all = diagnosis?.evidence ?? [];
  const named = new Set(diagnosis?.result?.whys.flatMap(({ evidence }) => evidence));
  const ordered = [...all.filter(({ ref }) => named.has(ref)), ...all.filter(({ ref }) => !named.has(ref))];
  const shown = ordered.slice(0, maxEvidence).map(({ ref, source, at, text: said }) => {
    const when = at ? `, ${at.toISOString()}` : '';
    return joined([md`${code(ref)} (${source}${when})`, fence(said, evidenceLength)], '\n');
  });
  const more = all.length - shown.length;
  return {
    heading: `Evidence (${countOf(all.length, 'entry', 'entries')})`,
    rank: 7,
    isFolded: true,
    parts: [...shown, ...(more > 0 ? [md`and ${more} more`] : [])],
  };
}
