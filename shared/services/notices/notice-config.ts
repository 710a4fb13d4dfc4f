import type { ServiceConfig } from '../../contracts/config.ts';
import type { GithubConfig } from '../../contracts/notices/github-config.ts';
import type { NoticeRecord } from '../../contracts/records.ts';
import { PermanentError } from '../../domain/errors.ts';
import { parseRepository, type Repository } from '../../domain/scm/repository.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Scm, ScmAuth, ScmHosts } from '../../ports/scm/scm.ts';
import { loadCurrentConfig, loadServiceConfig } from '../records/load-config.ts';

/**
 * The config that a notice is sent by: the one in force if it was applied later than the notice was asked for, since
 * people mend what keeps notices back, and else the one of the fact.
 * @throws {PermanentError} no config has the service any more
 */
export async function configOf(
  { ref, name, configDigest, createdAt }: NoticeRecord,
  { store }: Pick<Ports, 'store'>,
): Promise<ServiceConfig> {
  const current = await loadCurrentConfig(store);
  const inForce = current?.config.services.find(
    (s) => s.project === ref?.project && s.region === ref.region && s.service === ref.service,
  );
  const isBound = configDigest !== undefined && name !== undefined;
  if (inForce && (!isBound || (current && current.appliedAt > createdAt))) return inForce;
  if (isBound) return loadServiceConfig(store, configDigest, name);
  throw new PermanentError(`no config has ${name ?? ref?.service ?? 'the service'}`);
}

/** A repository, and the way to it. */
export interface Place {
  readonly github: GithubConfig;
  readonly repository: Repository;
  readonly scm: Scm;
  /** True: the credential is an App's, so that check runs can be written. */
  readonly isApp: boolean;
}

/** @throws {PermanentError} the config names no repository */
export function placeOf({ github, name }: ServiceConfig, scm: ScmHosts): Place {
  const repository = github && parseRepository(github.repo);
  if (!repository) throw new PermanentError(`the config of ${name} names no repository any more`);
  const auth = authOf(github);
  return {
    github,
    repository,
    scm: scm.connect({ apiUrl: github.apiUrl, auth }),
    isApp: auth.kind === 'app',
  };
}

function authOf({ auth }: GithubConfig): ScmAuth {
  return 'token' in auth ? { kind: 'token', token: auth.token } : { kind: 'app', ...auth };
}
