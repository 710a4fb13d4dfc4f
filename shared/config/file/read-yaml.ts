import { parseDocument, type YAMLError } from 'yaml';
import { ConfigError } from '../config-error.ts';
import type { ConfigFault } from '../config-fault.ts';
import { SourceMap } from './source-map.ts';
import { unprintable } from './unprintable.ts';
import { YamlValues } from './yaml-values.ts';

const maxBytes = 1024 * 1024;

/** The values of a file, their positions, and the faults found so far. */
export interface YamlContent {
  readonly value: unknown;
  readonly source: SourceMap;
  readonly faults: readonly ConfigFault[];
}

/**
 * Reads one YAML 1.2 document of plain values.
 *
 * @throws {ConfigError} when the text is not such a document at all, so that further checks make no sense
 */
export function readYaml(text: string, file: string): YamlContent {
  const source = new SourceMap(file);
  const stop = (offset: number, message: string, fix: string): never => {
    throw new ConfigError([source.faultAt(offset, { path: [], message, fix })]);
  };
  if (Buffer.byteLength(text) > maxBytes) stop(0, 'the file is larger than 1 MiB', 'is this a config file?');
  if (unprintable.test(text)) stop(0, 'the file contains control characters', 'save it as UTF-8 text');

  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    lineCounter: source.lines,
    prettyErrors: false,
    // YamlValues itself finds duplicate keys, in linear time.
    uniqueKeys: false,
    // With `silent`, a second document would be dropped without a message.
    logLevel: 'error',
  });
  if (document.errors.length > 0) {
    const tabs = findTabs(text, source, document.errors);
    if (tabs) throw new ConfigError([tabs]);
    // One mistake may be reported a thousand times at the same position.
    const first = new Map(document.errors.toReversed().map((error) => [error.pos[0], error]));
    const errors = [...first.values()].toSorted((a, b) => a.pos[0] - b.pos[0]);
    throw new ConfigError(errors.map((error) => source.faultAt(error.pos[0], syntaxFinding(error))));
  }
  // A %YAML line may select 1.1, where `on` and `no` are booleans.
  if (document.directives?.yaml.version !== '1.2')
    stop(0, 'only YAML 1.2 is supported', 'remove the %YAML line');

  const values = new YamlValues(document, source);
  const value = values.read(document.contents, []);
  if (value === null) stop(0, 'the file is empty', 'start with `version: 1` and `services:`');
  return { value, source, faults: values.faults };
}

/** A tab as indentation garbles all that follows: it is the one fault, whatever else the parser makes of it. */
function findTabs(text: string, source: SourceMap, errors: readonly YAMLError[]): ConfigFault | undefined {
  const [first, ...others] = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (!first) return undefined;
  const lineStart = text.lastIndexOf('\n', first.pos[0] - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';
  if (first.code !== 'TAB_AS_INDENT' && !indent.includes('\t')) return undefined;
  const offset = indent.includes('\t') ? lineStart + indent.indexOf('\t') : first.pos[0];
  const further = others.filter(({ code }) => code === 'TAB_AS_INDENT').length;
  const message = further === 0 ? 'a tab is no indentation' : 'tabs are no indentation, here and below';
  return source.faultAt(offset, { path: [], message: `not YAML: ${message}`, fix: 'indent with spaces' });
}

function syntaxFinding(error: YAMLError) {
  return { path: [], message: syntaxMessage(error), fix: syntaxFix(error) };
}

function syntaxMessage(error: YAMLError): string {
  if (error.code === 'MULTIPLE_DOCS') return 'the file contains several YAML documents';
  if (error.code === 'RESOURCE_EXHAUSTION') return 'the file is nested too deeply';
  return `not YAML: ${error.message}`;
}

function syntaxFix(error: YAMLError): string {
  switch (error.code) {
    case 'MULTIPLE_DOCS':
      return 'keep one document and remove the `---`';
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'put text with a colon in quotes, and start a nested map on its own line';
    default:
      return 'check the indentation, quotes and brackets here';
  }
}
