import { PinoLogger } from '../../../shared/adapters/pino-logger.ts';
import { PubsubBus } from '../../../shared/adapters/pubsub/pubsub-bus.ts';
import type { Ports } from '../../../shared/ports/ports.ts';
import { createContainer, openFirestoreStore, openMemoryStore } from '../../../shared/runtime/container.ts';
import { type Environment, parseFunctionSettings } from '../../../shared/runtime/settings.ts';
import { traceAttributes, traceFields } from '../../../shared/runtime/trace-context.ts';
import type { LogBuffer } from '../process/log-buffer.ts';

/** What this process itself works with on a pipeline, as the functions do. */
export interface PipelinePorts {
  readonly ports: Ports;
  close(): Promise<void>;
}

/** @param logs gets every line that is logged. @throws {SettingsError} */
export function openPipelinePorts(env: Environment, logs: LogBuffer): PipelinePorts {
  const settings = parseFunctionSettings(env);
  const { project, pubsubEndpoint: endpoint, firestoreEmulatorHost } = settings;
  const container = createContainer(settings);
  const { store, close } = firestoreEmulatorHost
    ? openFirestoreStore(project, settings)
    : openMemoryStore(container.ports.clock);
  const bus = new PubsubBus({
    projectId: project,
    traceContext: traceAttributes,
    ...(endpoint && { endpoint }),
  });
  const log = PinoLogger.create(
    settings.logLevel,
    { write: (line) => logs.add('stdout', line.trimEnd()) },
    () => traceFields(project),
  );
  return {
    ports: { ...container.ports, store, bus, log },
    async close() {
      await Promise.all([container.close(), close(), bus.close()]);
    },
  };
}
