import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuildOptions, FinishedBuild } from '../../infra/local/cloud-build/local-builds.ts';
import { LocalCloud } from '../../infra/local/local-cloud.ts';
import type { Container } from '../../infra/local/process/container.ts';
import type { ProfileName } from '../../infra/local/profile.ts';
import type { Deployment, DeployRequest } from '../../infra/local/run/deployer.ts';
import { GoogleCloudRun } from '../../shared/adapters/google/google-cloud-run.ts';
import type { CliIo } from '../../shared/cli/cli-io.ts';
import type { ServiceRef } from '../../shared/domain/ids.ts';
import { type ServiceState, servingSplit, type TrafficSplit } from '../../shared/domain/service-state.ts';
import { aRef } from '../builders.ts';
import { type Captured, captureCli } from '../cli/captured-io.ts';
import { type ConfigChanges, configText } from './config-text.ts';
import { type GuardResult, parseGuardResult } from './guard/guard-result.ts';

/** Where `apply` and the guards of a test keep their records. */
export const recordsFile = 'records.db';

export type DeployOptions = Omit<DeployRequest, 'service' | 'container'> & { readonly service?: string };

/** The command line on a local Cloud Run and Cloud Build: real clients, real processes, a folder for its files. */
export class Stack implements AsyncDisposable {
  readonly cloud: LocalCloud;
  /** The folder that the command line runs in; `deploy-loop.yaml` is there. */
  readonly folder: string;
  readonly ref: ServiceRef = aRef;
  readonly env: Readonly<Record<string, string>>;
  readonly #run: GoogleCloudRun;

  private constructor(cloud: LocalCloud, folder: string, env: Readonly<Record<string, string>>) {
    this.cloud = cloud;
    this.folder = folder;
    this.#run = new GoogleCloudRun({ endpoint: cloud.endpoint });
    this.env = {
      DEPLOY_LOOP_CLOUD_ENDPOINT: `${cloud.endpoint.host}:${cloud.endpoint.port}`,
      DEPLOY_LOOP_LOCAL_ADDRESSES: `127.0.0.1:${cloud.httpPort}`,
      ...env,
    };
  }

  /** @param env besides what names the local cloud */
  static async start(
    config: ConfigChanges = {},
    env: Readonly<Record<string, string>> = {},
    profile: ProfileName = 'fast',
    seed = 1,
  ): Promise<Stack> {
    const folder = await mkdtemp(join(tmpdir(), 'deploy-loop-stack-'));
    const cloud = await LocalCloud.start({ profile, seed, project: aRef.project, region: aRef.region });
    const stack = new Stack(cloud, folder, env);
    await stack.write('deploy-loop.yaml', configText(config));
    return stack;
  }

  /** A deploy by Cloud Build; its message is then the newest. */
  async build(container: Container, options: DeployOptions & BuildOptions = {}): Promise<FinishedBuild> {
    const finished = await this.cloud.builds.deploy({ service: 'web', ...options, container });
    for (const { ref } of finished.deployments) await this.cloud.reconciled(ref);
    return finished;
  }

  /** A deploy that no build knows of. */
  async deploy(container: Container, options: DeployOptions = {}): Promise<Deployment> {
    return await this.cloud.deploy({ service: 'web', ...options, container });
  }

  async cli(...args: readonly string[]): Promise<Captured> {
    return await this.cliWith({}, ...args);
  }

  async cliWith(io: Partial<CliIo>, ...args: readonly string[]): Promise<Captured> {
    return await captureCli(args, { cwd: this.folder, env: this.env, ...io });
  }

  /** Puts the config in force and has what serves verified. @throws {Error} it did not pass */
  async apply(): Promise<void> {
    const { code, stdout, stderr } = await this.cli('apply', 'deploy-loop.yaml', '--records', recordsFile);
    if (code !== 0) throw new Error(`apply ended with ${code}: ${stdout}${stderr}`);
  }

  /** Guards what the newest build deployed. */
  async guardBuild(...options: readonly string[]): Promise<GuardResult> {
    await this.writeMessage();
    return await this.guardMessage(...options);
  }

  /** Guards what the message names that was written last. */
  async guardMessage(...options: readonly string[]): Promise<GuardResult> {
    return await this.#guard('--message', 'message.json', ...options);
  }

  /** Guards the newest revision of the service `web`. */
  async guardService(...options: readonly string[]): Promise<GuardResult> {
    return await this.#guard('--service', 'web', ...options);
  }

  /** As its owner sees the service. @throws {Error} there is none */
  async state(ref: ServiceRef = this.ref): Promise<ServiceState> {
    const state = await this.#run.getService(ref);
    if (!state) throw new Error(`no service ${ref.service}`);
    return state;
  }

  async serving(ref: ServiceRef = this.ref): Promise<TrafficSplit> {
    return servingSplit(await this.state(ref));
  }

  /** How often the service's spec was changed so far. */
  async writes(): Promise<bigint> {
    return (await this.state()).generation;
  }

  async write(file: string, text: string): Promise<void> {
    await writeFile(join(this.folder, file), text);
  }

  /** Writes the newest build's message to `message.json`. @param wrap what it comes in */
  async writeMessage(wrap: (message: object) => unknown = (message) => message): Promise<void> {
    const message = this.cloud.messages.published.at(-1);
    if (!message) throw new Error('no build has run');
    await this.write('message.json', JSON.stringify(wrap(message)));
  }

  async read(file: string): Promise<string> {
    return await readFile(join(this.folder, file), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#run.close();
    await this.cloud.stop();
    await rm(this.folder, { recursive: true });
  }

  async #guard(...options: readonly string[]): Promise<GuardResult> {
    const files = ['--config', 'deploy-loop.yaml', '--records', recordsFile];
    return parseGuardResult(await this.cli('guard', ...files, '--json', ...options));
  }
}
