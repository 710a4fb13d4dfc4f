import { status } from '@grpc/grpc-js';
import type { ServiceRef } from '../../../shared/domain/ids.ts';
import { canonicalJson } from '../../../shared/domain/json.ts';
import { revisionExistsText } from '../platform-texts.ts';
import { invalidArgument, RpcError } from '../rpc-error.ts';
import { LocalRevision } from './local-revision.ts';
import type { Platform } from './platform.ts';
import type { TemplateSpec } from './service-spec.ts';

const letters = 'bcdfghjklmnpqrstvwxz';

/** The revisions of one service. */
export class RevisionSet {
  readonly #platform: Platform;
  readonly #ref: ServiceRef;
  readonly #revisions = new Map<string, LocalRevision>();
  #made = 0;
  #lastCreatedMs = 0;

  constructor(platform: Platform, ref: ServiceRef) {
    this.#platform = platform;
    this.#ref = ref;
  }

  find(name: string): LocalRevision | undefined {
    return this.#revisions.get(name);
  }

  newestFirst(): LocalRevision[] {
    return [...this.#revisions.values()].reverse();
  }

  /**
   * @returns the name of the revision that the template would make; undefined when it makes none
   * @throws {RpcError} ALREADY_EXISTS: the template names a revision that was made of another template
   */
  plan(template: TemplateSpec, current: TemplateSpec | undefined): string | undefined {
    if (current !== undefined && sameTemplate(template, current)) return undefined;
    const name = template.revision;
    if (name === undefined) return this.#nextName();
    if (!name.startsWith(`${this.#ref.service}-`) || !/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(name)) {
      throw invalidArgument(`template.revision: '${name}' must start with the service's name and a dash`);
    }
    const existing = this.find(name);
    if (existing === undefined) return name;
    if (sameTemplate(template, existing.template)) return undefined;
    throw new RpcError(status.ALREADY_EXISTS, revisionExistsText(name));
  }

  add(name: string, template: TemplateSpec, creator: string): LocalRevision {
    this.#made++;
    // Cloud Run counts in microseconds: two revisions of a service never share a creation time.
    this.#lastCreatedMs = Math.max(Date.now(), this.#lastCreatedMs + 1);
    const revision = new LocalRevision(this.#platform, {
      ref: this.#ref,
      name,
      template,
      creator,
      createTime: new Date(this.#lastCreatedMs),
      generation: this.#made,
    });
    this.#revisions.set(name, revision);
    return revision;
  }

  /** Stops its process; names of deleted revisions may be used again. */
  async delete(name: string): Promise<void> {
    const revision = this.#revisions.get(name);
    this.#revisions.delete(name);
    await revision?.runtime?.stop(0);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#revisions.values()].map((revision) => revision.runtime?.stop(0)));
  }

  #nextName(): string {
    const number = String(this.#made + 1).padStart(5, '0');
    return `${this.#ref.service}-${number}-${this.#platform.random.text(3, letters)}`;
  }
}

function sameTemplate(a: TemplateSpec, b: TemplateSpec): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
