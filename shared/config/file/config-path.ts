import { capText } from '../../domain/render/cut-text.ts';

/** Keys and list positions from the root of a config file to one of its values. */
export type ConfigPath = readonly (string | number)[];

/** `services[0].health.interval`; keys that are not plain words are quoted. */
export function formatPath(path: ConfigPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[\w-]+$/.test(part)) return `${text}[${quote(part)}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

const maxQuoted = 60;

/** A value as part of a message: short, on one line, without characters that a terminal would interpret. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return capText(text, maxQuoted).replace(
    /[\p{Cc}\p{Cf}\p{Cs}]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
