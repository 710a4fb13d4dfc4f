import { isTerminalName } from '../domain/build.ts';
import { readCloudBuildMessage } from './cloud-build-message.ts';
import type { BeginValidation } from './messages.ts';
import type { Delivery } from './pubsub-message.ts';

/**
 * Reads messages of two topics: Cloud Build's own, and ours with requests of the sweep.
 * @returns undefined for a build that has not ended: another message will announce its end
 * @throws {MessageError} a build's message cannot be used
 */
export function readBeginValidation(delivery: Delivery): unknown {
  if (delivery.attributes.buildId === undefined) return delivery.data;
  const { name, status } = readCloudBuildMessage(delivery);
  const message: BeginValidation = { kind: 'build', name };
  return isTerminalName(status) ? message : undefined;
}
