import { cutMark } from './layer.ts';

interface TokenShape {
  readonly prefix: string;
  /** The characters after the prefix, as a class. */
  readonly of: string;
  /** How many of them a whole token has: until then it goes on after a line break. */
  readonly length: number;
  /** Fewer are no token, unless the text was cut there. */
  readonly least: number;
}

/** As their makers document them, and as scanners of repositories look for them. */
const tokenShapes: readonly TokenShape[] = [
  { prefix: 'gh[opusr]_', of: String.raw`[\w.-]`, length: 36, least: 16 },
  { prefix: 'github_pat_', of: String.raw`\w`, length: 82, least: 16 },
  {
    prefix: 'gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct)-',
    of: String.raw`[\w.-]`,
    length: 20,
    least: 16,
  },
  { prefix: 'AIza', of: String.raw`[\w-]`, length: 35, least: 20 },
  { prefix: String.raw`ya29\.`, of: String.raw`[\w.-]`, length: 60, least: 10 },
  { prefix: String.raw`1\/\/0`, of: String.raw`[\w-]`, length: 60, least: 24 },
  { prefix: 'GOCSPX-', of: String.raw`[\w-]`, length: 28, least: 12 },
  { prefix: '(?:AKIA|ASIA|AGPA|AIDA|AROA|ABIA|ACCA)', of: '[A-Z0-9]', length: 16, least: 16 },
  { prefix: 'xox[a-z]-|xoxe\\.xox[bp]-|xapp-|xwfp-', of: String.raw`[\w-]`, length: 24, least: 10 },
  {
    prefix: String.raw`hooks\.slack\.com\/(?:services|workflows|triggers)\/`,
    of: String.raw`[\w/]`,
    length: 40,
    least: 16,
  },
  {
    prefix: String.raw`discord(?:app)?\.com\/api\/webhooks\/`,
    of: String.raw`[\w/-]`,
    length: 80,
    least: 24,
  },
  { prefix: 'npm_', of: '[A-Za-z0-9]', length: 36, least: 24 },
  { prefix: 'pypi-AgE', of: String.raw`[\w-]`, length: 80, least: 32 },
  { prefix: 'rubygems_', of: '[0-9a-f]', length: 48, least: 32 },
  { prefix: 'dckr_(?:pat|oat)_', of: String.raw`[\w-]`, length: 27, least: 16 },
  { prefix: '(?:sk|rk)_(?:live|test)_', of: '[A-Za-z0-9]', length: 24, least: 10 },
  { prefix: 'whsec_', of: '[A-Za-z0-9+/=]', length: 32, least: 20 },
  { prefix: 'sk-(?:ant|proj|svcacct|admin|or)-', of: String.raw`[\w-]`, length: 40, least: 20 },
  { prefix: 'sk-', of: '[A-Za-z0-9]', length: 48, least: 40 },
  { prefix: 'hf_', of: '[A-Za-z0-9]', length: 34, least: 30 },
  { prefix: 'hv[bsr]\\.', of: String.raw`[\w-]`, length: 90, least: 24 },
  { prefix: String.raw`SG\.`, of: String.raw`[\w.-]`, length: 66, least: 40 },
  { prefix: 'shp(?:at|ca|pa|ss|tka)_', of: '[0-9a-fA-F]', length: 32, least: 32 },
  { prefix: 'do[opr]_v1_', of: '[0-9a-f]', length: 64, least: 32 },
  { prefix: 'ATATT3x', of: String.raw`[\w=-]`, length: 180, least: 40 },
  { prefix: 'AGE-SECRET-KEY-1', of: '[A-Z0-9]', length: 58, least: 32 },
  // `-----BEGIN …` in base64.
  { prefix: 'LS0tLS1CRUdJT', of: '[A-Za-z0-9+/=]', length: 200, least: 16 },
];

/** The source of a regular expression for bytes that finds them all. */
export const tokenSource = `(?<![A-Za-z0-9])(?:${tokenShapes.map(tokenOf).join('|')})`;

function tokenOf({ prefix, of, length, least }: TokenShape): string {
  const whole = String.raw`(?:(?:\r?\n[ \t]*)?${of}){${length}}${of}*`;
  return `(?:${prefix})(?:${whole}|${of}{${least},}|${of}*(?=${cutMark}))`;
}
