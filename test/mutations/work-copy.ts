import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMutation } from './apply-mutation.ts';
import type { Mutation } from './mutation.ts';

/** A copy of the working tree in which a line may be broken; the tree itself is only read. */
export class WorkCopy implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'mutations-'));

  /** @param root a git work tree; what git ignores is not copied, what is not committed yet is */
  constructor(root: string) {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
    });
    const files = listed.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
    for (const file of files) cpSync(join(root, file), join(this.path, file));
    symlinkSync(join(root, 'node_modules'), join(this.path, 'node_modules'));
  }

  /**
   * Does `work` while the mutation is in place.
   *
   * @throws {Error} the mutation does not fit the file
   */
  async whileMutated<T>(mutation: Mutation, work: () => Promise<T>): Promise<T> {
    const path = join(this.path, mutation.file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, applyMutation(text, mutation));
    try {
      return await work();
    } finally {
      writeFileSync(path, text);
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
