import { decodingsOf, type Layer, layerOf } from './layer.ts';
import { findShapes } from './secret-shapes.ts';
import { replaceSpans, type Span } from './spans.ts';

/**
 * Removes from a text what looks like a secret, without knowing any: tokens of well-known shapes, private keys, and the
 * values of names such as `password`. For every text from outside that is stored, logged or shown. Linear in time;
 * never throws; a text that has passed it is left alone by it.
 */
export function hideSecrets(text: string): string {
  return replaceSpans(text, findSecrets(layerOf(text, false)));
}

/** @param plain a text as it stands */
export function findSecrets(plain: Layer): readonly Span[] {
  return decodingsOf(plain, (layer) => layer).flatMap(findShapes);
}
