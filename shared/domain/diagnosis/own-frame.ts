import type { Line } from './lines-of.ts';

/** A place in the code, as a runtime prints it. */
const shapes: readonly RegExp[] = [
  // CPython, PHP, gcc.
  /\bFile "([^"]{1,300})", line (\d+)/,
  /\(?\b([\w./-]{1,300}\.py),? line (\d+)\)?/,
  // V8, JVM, .NET, Go, Ruby, Rust.
  /\bat .{0,200}?\(?((?:file:\/\/)?\/?[\w@./-]{1,300}\.[cm]?[jt]sx?):(\d+)(?::\d+)?\)?/,
  /\bat [\w.$<>]{1,200}\((\w{1,100}\.(?:java|kt|scala)):(\d+)\)/,
  /\bin (\/[\w./-]{1,300}\.cs):line (\d+)/,
  /(\/[\w./-]{1,300}\.(?:go|rb|rs|php)):(\d+)/,
  /^(\/[\w./-]{1,300}\.[cm]?[jt]sx?):(\d+)$/,
  // pytest, Playwright, mocha.
  /^(?:E +|> +|❯ +|› +)?([\w./@-]{1,300}\.(?:py|[cm]?[jt]sx?)):(\d+)(?::|$| )/,
];
/** Code of others, in which an exception ends but does not begin. */
const foreign =
  /site-packages|dist-packages|\/lib\/python|node_modules|node:|internal\/|<frozen|\/usr\/(?:local\/)?(?:go|lib)\/|\/gems\/|\/vendor\/|\/rustc\/|(?:^|[\s"'(/])(?:starlette|uvicorn|fastapi|django|flask|werkzeug|gunicorn|sqlalchemy|websockets|aiohttp|asyncio)\//;
const testPath =
  /(?:^|\/)(?:tests?|__tests__|e2e|specs?|cypress|playwright)\/|(?:^|\/)test_\w+\.py|_test\.(?:py|go)\b|conftest\.py|[._-](?:test|spec|e2e|cy)\.[cm]?[jt]sx?\b/;

/** Whether a place in the code is one of tests. */
export function isTestCode(at: string): boolean {
  return testPath.test(at);
}

/** A traceback is not longer, in lines. */
const reach = 60;

/**
 * The last own frame of the traceback to which the line at `place` belongs: before it in Python and Ruby, after it
 * elsewhere, in the line itself for a syntax error. What others printed meanwhile is no part of it.
 */
export function ownFrame(
  lines: readonly Line[],
  place: number,
): { readonly at: string; readonly line: Line } | undefined {
  const own = lines[place];
  const isOwn = ({ evidence }: Line) => evidence.stream === own?.evidence.stream;
  const before = lines.slice(0, place).filter(isOwn).slice(-reach).reverse();
  const after = lines
    .slice(place + 1)
    .filter(isOwn)
    .slice(0, reach);
  for (const line of [...(own ? [own] : []), ...before, ...after]) {
    if (
      line !== own &&
      /^(?:Traceback|\S*(?:Error|Exception)\b.*: )/.test(line.text) &&
      before.includes(line)
    )
      break;
    const at = frameIn(line.text);
    if (at !== undefined) return { at, line };
  }
  return firstFrame(after);
}

function firstFrame(lines: readonly Line[]): { readonly at: string; readonly line: Line } | undefined {
  for (const line of lines) {
    const at = frameIn(line.text);
    if (at !== undefined) return { at, line };
    if (!/^\s*(?:at |#\d|\.\.\. |goroutine|\w+[./])/.test(line.text)) return undefined;
  }
  return undefined;
}

/** The place in own code that a line names; undefined: none. */
export function frameIn(text: string): string | undefined {
  if (foreign.test(text)) return undefined;
  for (const shape of shapes) {
    const [, file, number] = shape.exec(text) ?? [];
    if (file !== undefined && number !== undefined) return `${file}, line ${number}`;
  }
  return undefined;
}
