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

/** The same for the value of a header or a field, which need not look like a secret if its name does. */
export function hideNamed(name: string, value: string): string {
  const shown = hideSecrets(value);
  const field = `${name}=${JSON.stringify(value)}`;
  return shown !== value || hideSecrets(field) === field ? shown : '[SECRET]';
}

/** @param plain a text as it stands */
export function findSecrets(plain: Layer): readonly Span[] {
  return decodingsOf(plain, (layer) => layer).flatMap(findShapes);
}
