import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { ExitCode } from '../../../shared/cli/exit/exit-codes.ts';
import { runCli } from '../../../shared/cli/run-cli.ts';
import type { RunId } from '../../../shared/domain/ids.ts';
import type { LocalCloud } from '../local-cloud.ts';
import type { Guardian, GuardianOptions, NextStep } from './guardian.ts';
import { holdFolder } from './hold-folder.ts';
import { npmCommand, quoteWord } from './npm-command.ts';
import type { Voice } from './voice.ts';

const recordsFile = 'story.db';
/** The story's config, with the GitHub of this story. */
const configFile = 'story.yaml';

/** `deploy-loop apply`, `guard`, `runs` and `show`, as a person calls them. */
export class CommandLineGuardian implements Guardian {
  readonly introduction = undefined;
  readonly #cloud: LocalCloud;
  readonly #voice: Voice;
  readonly #options: GuardianOptions;
  readonly #records: string;
  readonly #hold: Disposable;

  private constructor(cloud: LocalCloud, voice: Voice, options: GuardianOptions, hold: Disposable) {
    this.#hold = hold;
    this.#cloud = cloud;
    this.#voice = voice;
    this.#options = options;
    this.#records = relative(options.root, join(options.folder, recordsFile));
  }

  /** Begins without records. @throws {PermanentError} another story is told in the folder */
  static async open(cloud: LocalCloud, voice: Voice, options: GuardianOptions): Promise<CommandLineGuardian> {
    await mkdir(options.folder, { recursive: true });
    const hold = await holdFolder(options.folder);
    await rm(join(options.folder, recordsFile), { force: true });
    const { github, root, folder } = options;
    if (!github) return new CommandLineGuardian(cloud, voice, options, hold);
    const own = join(folder, configFile);
    await github.writeConfig(join(root, options.config), own);
    return new CommandLineGuardian(cloud, voice, { ...options, config: relative(root, own) }, hold);
  }

  async apply(): Promise<void> {
    const code = await this.#call('apply', this.#options.config);
    if (code !== 0) throw new Error(`apply ended with ${code}`);
  }

  async hear(): Promise<Date> {
    const { folder, root, config } = this.#options;
    const arrivedAt = new Date();
    const message = join(folder, 'message.json');
    await writeFile(message, JSON.stringify(this.#cloud.messages.published.at(-1), undefined, 2));
    const code = await this.#call('guard', '--message', relative(root, message), '--config', config);
    if (code > 1) throw new Error(`guard ended with ${code}`);
    return arrivedAt;
  }

  async list(): Promise<void> {
    await this.#call('runs');
  }

  async read(runId: RunId): Promise<string> {
    let report = '';
    const write = (chunk: string) => (report += chunk);
    await this.#run(['show', runId, '--json', '--records', this.#records], { write });
    return report;
  }

  next(): NextStep {
    const { root, folder, caller } = this.#options;
    const records = relative(caller, join(folder, recordsFile));
    return {
      command: npmCommand(`changes web --records ${quoteWord(records)}`, root, caller),
      shows: 'who changed the traffic, when and why',
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hold[Symbol.dispose]();
  }

  async #call(...args: readonly string[]): Promise<ExitCode> {
    const all = [...args, '--records', this.#records];
    this.#voice.quote(`$ deploy-loop ${all.join(' ')}`);
    const { stdout } = this.#options;
    return await this.#run(all, { write: (text) => stdout.write(withoutUndo(text)) });
  }

  /** Without a terminal's spinner: in a story every line is to stay. */
  async #run(args: readonly string[], stdout: { write(text: string): unknown }): Promise<ExitCode> {
    const { endpoint, httpPort } = this.#cloud;
    const { github } = this.#options;
    const addresses = [`127.0.0.1:${httpPort}`, ...(github ? [github.address] : [])];
    const env = {
      DEPLOY_LOOP_CLOUD_ENDPOINT: `${endpoint.host}:${endpoint.port}`,
      DEPLOY_LOOP_LOCAL_ADDRESSES: addresses.join(','),
      ...github?.env,
    };
    return await runCli(args, {
      stdout,
      stderr: this.#options.stderr,
      env,
      cwd: this.#options.root,
      isTty: false,
    });
  }
}

/** Without the command that undoes a change of traffic: gcloud does not know this cloud, which is gone at the end. */
function withoutUndo(text: string): string {
  return text.replaceAll(/^undo .*\n/gm, '');
}
