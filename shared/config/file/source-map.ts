import { LineCounter } from 'yaml';
import type { ConfigFault } from '../config-fault.ts';
import { type ConfigPath, formatPath } from './config-path.ts';
import type { Finding } from './finding.ts';

/** The position of every key and list entry of one file, so that a fault can point to it. */
export class SourceMap {
  readonly file: string;
  /** Filled by the YAML parser; converts an offset to a line and a column. */
  readonly lines = new LineCounter();
  readonly #offsets = new Map<string, number>();

  constructor(file: string) {
    this.file = file;
  }

  mark(path: ConfigPath, offset: number): void {
    this.#offsets.set(formatPath(path), offset);
  }

  /** False for a value that comes from a default. */
  has(path: ConfigPath): boolean {
    return this.#offsets.has(formatPath(path));
  }

  /** Points to the value, or to the nearest parent in the file: a missing key has no position of its own. */
  locate(finding: Finding): ConfigFault {
    return this.faultAt(this.#offsetOf(finding.path), finding);
  }

  faultAt(offset: number, { path, message, fix }: Finding): ConfigFault {
    const { line, col } = this.lines.linePos(offset);
    return {
      file: this.file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      path: formatPath(path),
      message,
      fix,
    };
  }

  #offsetOf(path: ConfigPath): number {
    for (let length = path.length; length > 0; length--) {
      const offset = this.#offsets.get(formatPath(path.slice(0, length)));
      if (offset !== undefined) return offset;
    }
    return 0;
  }
}
