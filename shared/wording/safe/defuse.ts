import { hideSecrets } from '../../domain/redaction/hide-secrets.ts';
import { capText } from '../../domain/render/cut-text.ts';
import { visible } from '../../domain/render/visible.ts';

/** So much of a text is looked at: reading it for secrets takes its time. */
const looked = 20_000;
/** Of a text that was cut, so much of the end is dropped: it may hold the half of a secret. */
const edge = 4_000;

/** Colours and other commands of terminals, as `visible` writes them. */
const terminalCommand = /\\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\\]*(?:\\u0007|\\u001b\\)?)/g;

/** Invisible, and no part of a word, of a name or of a reference. */
const separator = '\u200b';

/**
 * What GitHub, mail programs and runners act upon, in code too: mentions, references to issues (which closing keywords
 * need), commands of workflows, comments of HTML (which our own markers are).
 */
const acting = /@|#(?=\d)|GH-(?=\d)|(?:issues|pull|discussions)\/(?=\d)|<!(?=-)|^\s*:(?=:)|^\s*##(?=\[)/gim;

/**
 * Any text from outside, without secrets, terminal commands and invisible characters, and at most `max` characters long.
 * Line feeds are left.
 */
export function cleaned(text: string, max: number): string {
  const hidden =
    text.length > looked ? hideSecrets(text.slice(0, looked)).slice(0, -edge) : hideSecrets(text);
  const shown = visible(hidden.replaceAll('\r\n', '\n').replaceAll('\t', '  ')).replace(terminalCommand, '');
  return capText(shown, max);
}

/** The same on one line. */
export function cleanedLine(text: string, max: number): string {
  return capText(cleaned(text, looked).replace(/\s+/g, ' ').trim(), max);
}

/** A text that no platform acts upon: it looks the same, and has invisible separators inside. */
export function defused(text: string): string {
  return text.replace(acting, (found) => `${found}${separator}`);
}
