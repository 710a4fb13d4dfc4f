import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { LocalGithub } from '../github/local-github.ts';
import type { LocalRepository } from '../github/state/local-repository.ts';

const repository = { owner: 'acme', name: 'shop' };
/** Known to the local GitHub alone. */
const token = 'github_pat_of_the_story';
const variable = 'STORY_GITHUB_TOKEN';

interface StoryFolders {
  /** Where files are left. */
  readonly folder: string;
  /** From where their names are told. */
  readonly caller: string;
}

/** A GitHub on this machine, the commits that the story deploys, and the config that names them. */
export class StoryGithub implements AsyncDisposable {
  /** What commands need to reach it. */
  readonly env: Readonly<Record<string, string>> = { [variable]: token };
  readonly #github: LocalGithub;
  readonly #repository: LocalRepository;
  readonly #options: StoryFolders;

  private constructor(github: LocalGithub, options: StoryFolders) {
    this.#options = options;
    this.#github = github;
    this.#repository = github.addRepository(repository);
    const permissions = {
      metadata: 'read',
      issues: 'write',
      deployments: 'write',
      contents: 'read',
    } as const;
    github.identities.addToken(token, { kind: 'fine-grained', login: 'deploy-loop', permissions });
  }

  static async start(options: StoryFolders): Promise<StoryGithub> {
    return new StoryGithub(await LocalGithub.start(), options);
  }

  /** Such as `127.0.0.1:8123`. */
  get address(): string {
    return this.#github.address;
  }

  /** Writes the config `from`, with this GitHub for its only service, to `to`. */
  async writeConfig(from: string, to: string): Promise<void> {
    const github = `    github:
      repo: ${this.#repository.fullName}
      apiUrl: ${this.#github.apiUrl}
      auth: { token: { env: ${variable} } }
`;
    await writeFile(to, `${await readFile(from, 'utf8')}${github}`);
  }

  /** What a developer commits. @returns the commit's id */
  commit(message: string, changes: Readonly<Record<string, string>>): string {
    return this.#repository.commit(changes, { message });
  }

  /** A line for each issue, the oldest first: `#1 closed  Deploy failed: …`. */
  describeIssues(): readonly string[] {
    return [...this.#repository.issues.values()].map(
      ({ number, state, title }) => `#${number} ${state.padEnd(6)}  ${title}`,
    );
  }

  /** Saves the pages of all issues, which can be read when the server is gone. @returns their files, from the caller's folder */
  async savePages(): Promise<readonly string[]> {
    const { caller } = this.#options;
    const folder = join(this.#options.folder, 'github');
    await mkdir(folder, { recursive: true });
    const { pageUrl } = this.#github;
    await writeFile(join(folder, 'style.css'), await this.#page('/style.css'));
    const files: string[] = [];
    for (const number of this.#repository.issues.keys()) {
      const page = await this.#page(`/${this.#repository.fullName}/issues/${number}`);
      const file = join(folder, `issue-${number}.html`);
      // Links to other pages would lead to a server that is gone.
      await writeFile(file, page.replaceAll('"/style.css"', '"style.css"').replaceAll(pageUrl, ''));
      files.push(relative(caller, file));
    }
    return files;
  }

  async #page(path: string): Promise<string> {
    const response = await fetch(`${this.#github.pageUrl}${path}`);
    if (!response.ok) throw new Error(`the local GitHub answered ${response.status} for ${path}`);
    return await response.text();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#github.close();
  }
}
