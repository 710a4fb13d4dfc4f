import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Pair,
  type YAMLMap,
} from 'yaml';
import { referencesIn } from '../../contracts/suites/references.ts';
import { ConfigError } from '../config-error.ts';
import type { ConfigFault } from '../config-fault.ts';
import { type ConfigPath, quote } from './config-path.ts';
import type { SourceMap } from './source-map.ts';
import { unprintable } from './unprintable.ts';

/** An alias may stand for a list of aliases, and so on: the limit applies to the expanded size of a file. */
const maxValues = 100_000;
const maxAliases = 100;
const maxDepth = 64;

/** Keys that reach an object's prototype in careless code; no key of ours has such a name. */
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Converts YAML nodes to plain values and notes their positions. The parser's own `toJS` does only the first: it
 * accepts tags and forbidden keys, and compares each key with all others of its map to find duplicates.
 */
export class YamlValues {
  readonly faults: ConfigFault[] = [];
  readonly #document: Document;
  readonly #source: SourceMap;
  #values = 0;
  #aliases = 0;

  constructor(document: Document, source: SourceMap) {
    this.#document = document;
    this.#source = source;
  }

  /** @throws {ConfigError} when the expanded file is too large */
  read(node: unknown, path: ConfigPath): unknown {
    if (++this.#values > maxValues) this.#giveUp(path, `expands to more than ${maxValues} values`);
    if (path.length > maxDepth) this.#giveUp(path, `is nested deeper than ${maxDepth} levels`);
    if (isNode(node)) this.#refuseTag(node.tag, path);
    if (isAlias(node)) return this.#readAlias(node, path);
    if (isMap(node)) return this.#readMap(node, path);
    if (isSeq(node)) return node.items.map((item, i) => this.#readItem(item, [...path, i]));
    return isScalar(node) ? this.#readScalar(node.value, path) : null;
  }

  #readItem(item: unknown, path: ConfigPath): unknown {
    if (isNode(item) && item.range) this.#source.mark(path, item.range[0]);
    return this.read(item, path);
  }

  #readMap(map: YAMLMap, path: ConfigPath): unknown {
    const entries = new Map<string, unknown>();
    for (const pair of map.items) {
      const key = this.#readKey(pair, path);
      if (key === undefined) continue;
      const at = [...path, key];
      if (entries.has(key)) this.#refuse(at, 'is given twice', 'keep one of them');
      if (isNode(pair.key) && pair.key.range) this.#source.mark(at, pair.key.range[0]);
      entries.set(key, this.read(pair.value, at));
    }
    return Object.fromEntries(entries);
  }

  /** Undefined: refused and reported. */
  #readKey(pair: Pair, path: ConfigPath): string | undefined {
    const key = isScalar(pair.key) ? pair.key.value : undefined;
    const offset = isNode(pair.key) ? pair.key.range?.[0] : undefined;
    const refuse = (message: string, fix: string) => {
      const finding = { path, message, fix };
      this.faults.push(
        offset === undefined ? this.#source.locate(finding) : this.#source.faultAt(offset, finding),
      );
      return undefined;
    };
    if (isNode(pair.key) && pair.key.tag !== undefined)
      return refuse('a key has a YAML tag', 'remove the tag');
    if (typeof key !== 'string') return refuse(`the key ${quote(key)} is not text`, 'put it in quotes');
    if (key === '<<') return refuse('merge keys are not supported', 'move shared values to `defaults`');
    if (forbiddenKeys.has(key)) return refuse(`the key ${key} is not allowed`, 'remove it');
    if (unprintable.test(key))
      return refuse(`the key ${quote(key)} contains control characters`, 'remove them');
    return key;
  }

  #readAlias(alias: Alias, path: ConfigPath): unknown {
    if (++this.#aliases > maxAliases) this.#giveUp(path, `expands more than ${maxAliases} aliases`);
    const target = alias.resolve(this.#document);
    if (target) return this.read(target, path);
    this.#refuse(path, `no anchor &${alias.source} is defined above`, 'write the value itself');
    return null;
  }

  #readScalar(value: unknown, path: ConfigPath): unknown {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      this.#refuse(path, `${value} is not a number in JSON`, 'use a finite number');
      return null;
    }
    if (typeof value !== 'string') return value;
    if (unprintable.test(value))
      this.#refuse(path, `${quote(value)} contains control characters`, 'remove them');
    // A config is reviewed and hashed as it stands; a value from somewhere else would escape both.
    if (referencesIn(value).length > 0 && !mayRefer(path)) {
      this.#refuse(
        path,
        `${quote(value)} is a variable reference, which only suites and what health sends and expects may contain`,
        'write the value itself',
      );
    }
    return value;
  }

  #refuseTag(tag: string | undefined, path: ConfigPath): void {
    if (tag === undefined) return;
    this.#refuse(
      path,
      `has the YAML tag ${quote(tag)}`,
      'remove the tag; put text that looks like a number in quotes',
    );
  }

  #refuse(path: ConfigPath, message: string, fix: string): void {
    this.faults.push(this.#source.locate({ path, message, fix }));
  }

  #giveUp(path: ConfigPath, message: string): never {
    this.#refuse(path.slice(0, 2), message, 'shorten it');
    throw new ConfigError(this.faults);
  }
}

/** Checks name secrets and captured values, which their suite declares; these and the health probe name the build. */
function mayRefer(path: ConfigPath): boolean {
  const [key] = path.slice(path.indexOf('health') + 1);
  return (
    path.includes('suites') ||
    (path.includes('health') && ['headers', 'expect', 'warn'].includes(String(key)))
  );
}
