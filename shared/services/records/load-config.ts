import type { Config, ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { configs, currentConfig } from '../../contracts/records.ts';
import { PermanentError } from '../../domain/errors.ts';
import type { ConfigDigest, ScanId, ServiceRef } from '../../domain/ids.ts';
import type { Store } from '../../ports/store.ts';

export interface BoundConfig {
  readonly digest: ConfigDigest;
  readonly config: Config;
  /** True: the runs under it observe and report, and never write. */
  readonly observe?: boolean | undefined;
  /** The longest watch of runs under it; absent: as long as the config says. */
  readonly watchMs?: number | undefined;
  /** What static analysis found in the sources of the runs under it; absent: what is recorded of their build. */
  readonly scan?: ScanId | undefined;
}

/** A digest identifies its content, so a config need be read only once. */
const loaded = new WeakMap<Store, Map<ConfigDigest, Config>>();

/** The config in force. */
export interface CurrentConfig extends BoundConfig {
  readonly appliedAt: Date;
}

/** The current config; undefined: none was ever applied. */
export async function loadCurrentConfig(store: Store): Promise<CurrentConfig | undefined> {
  const current = await store.get(currentConfig);
  if (!current) return undefined;
  const { digest, appliedAt } = current.data;
  return { digest, appliedAt, config: await loadConfig(store, digest) };
}

/**
 * All of the config that a run is bound to.
 * @throws {PermanentError} the document does not exist
 */
export async function loadConfig(store: Store, digest: ConfigDigest): Promise<Config> {
  const known = loaded.get(store)?.get(digest);
  if (known) return known;
  const stored = await store.get(documentIn(configs, digest));
  if (!stored) throw new PermanentError(`config ${digest} is not in the store`);
  const { config } = stored.data;
  const configsOf = loaded.get(store) ?? new Map<ConfigDigest, Config>();
  loaded.set(store, configsOf.set(digest, config));
  return config;
}

/**
 * The config that a run is bound to, whatever was applied since then.
 * @throws {PermanentError} the document does not exist or does not contain the service
 */
export async function loadServiceConfig(
  store: Store,
  digest: ConfigDigest,
  name: string,
): Promise<ServiceConfig> {
  const config = await loadConfig(store, digest);
  const service = config.services.find((candidate) => candidate.name === name);
  if (!service) throw new PermanentError(`config ${digest} has no service ${name}`);
  return service;
}

/** The service in the current config; undefined: it is not in it, or there is no config. */
export async function findConfig(
  ref: ServiceRef,
  { store }: { readonly store: Store },
): Promise<ServiceConfig | undefined> {
  const bound = await loadCurrentConfig(store);
  return bound?.config.services.find(
    (s) => s.project === ref.project && s.region === ref.region && s.service === ref.service,
  );
}
