import { isProse } from './is-prose.ts';
import { cutMark, type Layer } from './layer.ts';
import type { Span } from './spans.ts';
import { tokenSource } from './token-shapes.ts';

/** What looks like a secret, whoever it belongs to. */
interface Shape {
  /** For bytes; the last group that takes part, or else all of it, is the secret. Linear in time. */
  readonly pattern: RegExp;
  readonly shown: '[TOKEN]' | '[SECRET]' | '[PRIVATE KEY]';
  /** Absent: everything that matches is a secret. */
  readonly accepts?: (secret: string) => boolean;
}

/** White space of a class; `\s` would take parts of characters for spaces, since texts are bytes here. */
const spaces = String.raw` \t\r\n\f\v`;
/** A line break that belongs to no value: a log was wrapped. Only after a long line, and before what goes on like it. */
const wrap = String.raw`\r?\n(?<=[^\n]{60}\n)[ \t]*(?=[\w+/=.-]{20}|[\w+/=.-]+(?:["'\\,;)}\]]|[ \t]*(?:[\r\n]|$)))`;

/** Also at the end of a longer name: `DB_PASSWORD`, `githubToken`, `password_2`. */
const name = [
  '(?:',
  'pass(?:word|wd|phrase|code)|pwd|(?<=[a-z][_-])pass|secret|token|credentials?',
  '|(?:api|access|private|secret|signing|encryption|account|shared|master|auth|session|ssh)[-_ ]?key(?:[-_]?id)?',
  '|sess(?:ion)?[-_]?id|x-(?:goog|amz)-(?:signature|credential)|(?<=[?&])sig',
  String.raw`)(?:[-_]?(?:\d{1,2}|value|hash))?`,
].join('');
/** `GET /token: HTTP 500` is no name with its value, and neither is the tag of an image. */
const noPath = String.raw`(?<!/[\w.%-]{0,60})`;
/** After a name: `["name"]`. */
const nameEnd = String.raw`["'\`]?\]?[ \t]*`;
/** Of a list, or of Python's bytes. */
const opened = String.raw`(?:(?:\[[ \t]*|[bru]{1,2})(?=["'\`]))?`;
/** Between a header's name and its value, also in a list of both. */
const headerEnd = String.raw`${nameEnd}(?:[:=]+>?|,(?=[ \t]*["'\`]))[ \t]*${opened}["'\`]?`;

const quoted = ['"', "'", '`'].map((quote) => String.raw`${quote}((?:[^${quote}\\\r\n]|\\[^\r\n]|${wrap})*)`);
const bare = String.raw`((?:[^${spaces}"'\`&;<>,]|,(?![${spaces}]|$)|${wrap})+)`;
const inQuotes = `(?:${quoted.join('|')})`;
const value = `(?:${inQuotes}|${bare})`;

const scheme =
  '(?:bearer|basic|token|digest|negotiate|ntlm|hawk|oauth|dpop|key|api-?key|sharedkey|signature|aws4-[a-z0-9-]+)';
const parameter = String.raw`[,;][ \t]*[\w-]+=(?:"[^"\r\n]*"?|[^${spaces}",;]*)`;
const credentials = String.raw`(?:[\w-]+="[^"\r\n]*"|(?:[^${spaces}"'\`,;]|${wrap})+)(?:${parameter})*`;
const cookie = String.raw`[^${spaces}"'\`=,;]+=(?:"[^"\r\n]*"|(?:[^${spaces}"'\`;,]|${wrap})*)`;

/** `HttpOnly`, and what follows the comma of `Expires=Wed, 21 Oct 2026 07:28:00 GMT`. */
const attribute = String.raw`\d\d[ -]\w{3}[ -]\d{4} [\d:]{8} GMT|[\w-]+(?![\w-]*=)`;

const begin = '-{4,5} ?BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)? ?-{4,5}';
const end = begin.replace('BEGIN', 'END');
/** Lines such as `DEK-Info: AES-128-CBC,…`, and then base64. */
const keyBody = String.raw`(?:[${spaces}]+[\w-]+: [^\r\n]*)*[\w+/=]*(?:[${spaces}]+[\w+/=]+)*[${spaces}]*`;

const shapes: readonly Shape[] = [
  { pattern: shape(`${begin}${keyBody}(?:${end})?`), shown: '[PRIVATE KEY]' },
  // The rest of one whose beginning was cut off.
  { pattern: shape(`(?<![\\w+/=${spaces}])[\\w+/=${spaces}]+${end}`), shown: '[PRIVATE KEY]' },
  { pattern: shape(tokenSource), shown: '[TOKEN]' },
  {
    // A JWT, a JWE, or what a cut has left of one; without a dot it may be any JSON in base64.
    pattern: shape(String.raw`eyJ(?:[\w-]|${wrap}){8,}(?:\.(?:[\w-]|${wrap})*)*`),
    shown: '[TOKEN]',
    accepts: (secret) => secret.includes('.') || /^eyJ(?:hbGci|0eXAi|raWQi|lbmMi)/.test(secret),
  },
  {
    pattern: shape(String.raw`\bbearer[ \t]+((?:[\w.~+/-]|${wrap}){20,}=*)`, 'i'),
    shown: '[TOKEN]',
    accepts: (secret) => /\d/.test(secret),
  },
  {
    pattern: shape(String.raw`\bbasic[ \t]+((?:[\w+/-]|${wrap}){8,}=*)`, 'i'),
    shown: '[TOKEN]',
    accepts: (secret) => /^[ -~]*:[ -~]*$/.test(Buffer.from(secret, 'base64').toString('latin1')),
  },
  {
    pattern: shape(
      String.raw`authorization${noPath}${headerEnd}(?:${scheme}[ \t]+(${credentials})|((?:[a-z][\w-]*[ \t]+)?${credentials}))`,
      'i',
    ),
    shown: '[TOKEN]',
    accepts: isNoProse,
  },
  {
    pattern: shape(String.raw`cookie${headerEnd}(${cookie}(?:[;,][ \t]*(?:${cookie}|${attribute}))*)`, 'i'),
    shown: '[SECRET]',
  },
  {
    pattern: shape(`${name}${nameEnd}(?:=>|:=|={1,3})[ \\t]*${opened}${value}`, 'i'),
    shown: '[SECRET]',
    accepts: isNoProse,
  },
  {
    pattern: shape(`${name}${noPath}${nameEnd}:(?:[ \\t]*${opened}${inQuotes}|(?!:)${bare})`, 'i'),
    shown: '[SECRET]',
    accepts: isNoProse,
  },
  {
    // The name may be the end of a title, and what follows a sentence.
    pattern: shape(`${name}${noPath}${nameEnd}:[ \\t]+${bare}(?=[ \\t]*(?:[\r\n]|$))`, 'i'),
    shown: '[SECRET]',
    accepts: (secret) => isNoProse(secret) && !/^\d{1,3}$/.test(secret),
  },
  {
    pattern: shape(`${name}${noPath}${nameEnd}:[ \\t]+${bare}`, 'i'),
    shown: '[SECRET]',
    accepts: (secret) => isNoProse(secret) && /\d/.test(secret) && /[a-z]/i.test(secret),
  },
  {
    pattern: shape(String.raw`(?<![\w-])--[\w-]*${name}[ \t]+(?!-)${value}`, 'i'),
    shown: '[SECRET]',
    accepts: isNoProse,
  },
  {
    pattern: shape(String.raw`<(?:\w+:)?\w*${name}>([^<]+)`, 'i'),
    shown: '[SECRET]',
    accepts: isNoProse,
  },
  {
    // `user:password@host` in a URL.
    pattern: shape(String.raw`:\/\/([^${spaces}/?#@:"'<>]*:[^${spaces}/?#"'<>]*)(?=@)`),
    shown: '[SECRET]',
    accepts: (secret) => isNoProse(secret.slice(secret.indexOf(':') + 1)),
  },
];

function shape(source: string, flags = ''): RegExp {
  return new RegExp(source, `dg${flags}`);
}

function isNoProse(secret: string): boolean {
  return !isProse(secret);
}

/** The secrets in one layer of a text, by their shapes. */
export function findShapes({ bytes, starts, ends }: Layer): readonly Span[] {
  const found: Span[] = [];
  for (const { pattern, shown, accepts } of shapes)
    for (const match of bytes.matchAll(pattern)) {
      const [from, to] = match.indices?.findLast((range) => range !== undefined) ?? [0, 0];
      const kept = endOf(bytes.slice(from, to));
      if (kept > 0 && (accepts?.(bytes.slice(from, from + kept)) ?? true))
        found.push({ start: starts[from] ?? 0, end: ends[from + kept - 1] ?? 0, shown });
    }
  return found;
}

/** A mark of a cut is none of the secret, nor are brackets that were opened before it. */
function endOf(secret: string): number {
  const cut = secret.indexOf(cutMark);
  let end = cut < 0 ? secret.length : cut;
  const count = (brackets: RegExp) => secret.slice(0, end).match(brackets)?.length ?? 0;
  let surplus = count(/[)\]}]/g) - count(/[([{]/g);
  for (; surplus > 0 && /[)\]}]/.test(secret.charAt(end - 1)); surplus--) end--;
  return end;
}
