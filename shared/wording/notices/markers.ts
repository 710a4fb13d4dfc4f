import { Markdown } from '../safe/markdown.ts';

/** The texts that are found again by their marker. */
export type MarkedText = 'issue' | 'status' | 'pull-comment' | 'prevention';

const known = /^<!-- deploy-loop:(issue|status|pull-comment|prevention):([a-z0-9.-]{1,128}) -->/;

/** The hidden first line of a text. @param id the fingerprint or the id of the run */
export function markerOf(kind: MarkedText, id: string): Markdown {
  const line = `<!-- deploy-loop:${kind}:${id} -->`;
  if (!known.test(line)) throw new TypeError(`not the id of a marker: ${JSON.stringify(id.slice(0, 64))}`);
  return new Markdown(line);
}

/** The marker of a text; undefined: it is none of ours. Only its beginning counts: the rest may quote others. */
export function readMarker(body: string): { readonly kind: MarkedText; readonly id: string } | undefined {
  const [, kind, id] = known.exec(body) ?? [];
  return kind && id ? { kind: kind as MarkedText, id } : undefined;
}
