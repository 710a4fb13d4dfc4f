import type { EffectKind } from '../domain/stages.ts';

/** The action of each kind of effect, as a sentence. */
const sentences: Readonly<Record<EffectKind, string>> = {
  rollback: 'traffic goes back to the last verified-good revision',
  'mark-good': 'the revision is recorded as good',
  tag: 'the revisions get tag URLs',
  untag: 'the tags of the run are removed',
  promote: 'the revision gets its traffic',
  step: 'the canary gets its next share of the traffic',
  abort: "the canary's traffic goes back to the previous revisions",
  pin: 'traffic is pinned to a revision',
  unpin: 'the pin ends; the traffic setting from before it is restored',
};

/** `rollback  traffic goes back to the last verified-good revision` */
export function describeEffect(kind: EffectKind): string {
  return `${kind}  ${sentences[kind]}`;
}
