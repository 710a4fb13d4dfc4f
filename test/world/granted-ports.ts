import type { Hop } from '../../shared/contracts/messages.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { hopTable } from '../../shared/runtime/hops.ts';
import type { Right } from '../../shared/runtime/rights.ts';

const readsSecrets: readonly Right[] = ['read-secrets'];

/**
 * The ports of one hop, which tell of each call that its account would not be let make. The call is made all the same:
 * a service may take a refusal for an answer, and the table would still be wrong. The store stays itself, since services
 * share what they read by it; every hop may write records.
 */
export function grantedPorts(hop: Hop, ports: Ports, tell: (violation: string) => void): Ports {
  const { rights, publishes } = hopTable[hop];
  const need = (what: string, ...wanted: readonly Right[]) => {
    for (const right of wanted) if (!rights.includes(right)) tell(`${hop} may not ${right}: ${what}`);
  };
  const { bus, run, builds, logs, prober, sockets, checks, scm, notifier } = ports;
  return {
    ...ports,
    bus: {
      publish: (to, message) => {
        if (!publishes.includes(to)) tell(`${hop} may not publish to ${to}`);
        return bus.publish(to, message);
      },
    },
    run: {
      getService: (ref) => {
        need('run.getService', 'read-services');
        return run.getService(ref);
      },
      getRevision: (ref, name) => {
        need('run.getRevision', 'read-services');
        return run.getRevision(ref, name);
      },
      getSettings: (ref, name) => {
        need('run.getSettings', 'read-services');
        return run.getSettings(ref, name);
      },
      listRevisions: (ref) => {
        need('run.listRevisions', 'read-services');
        return run.listRevisions(ref);
      },
      updateTraffic: (ref, change) => {
        need('run.updateTraffic', 'update-services');
        return run.updateTraffic(ref, change);
      },
    },
    builds: {
      getBuild: (name) => {
        need('builds.getBuild', 'read-builds');
        return builds.getBuild(name);
      },
    },
    logs: {
      listRequests: (query) => {
        need('logs.listRequests', 'read-request-logs');
        return logs.listRequests(query);
      },
      listEntries: (query, part) => {
        need('logs.listEntries', 'read-logs');
        return logs.listEntries(query, part);
      },
    },
    prober: {
      probe: (request) => {
        need('prober.probe', 'ask-services');
        return prober.probe(request);
      },
    },
    sockets: {
      converse: (request) => {
        need('sockets.converse', 'ask-services');
        return sockets.converse(request);
      },
    },
    scm: {
      connect: (connection) => {
        need('scm.connect', 'tell-others', 'read-secrets');
        return scm.connect(connection);
      },
    },
    notifier: {
      send: (notification) => {
        need('notifier.send', 'tell-others', 'read-secrets');
        return notifier.send(notification);
      },
    },
    checks: {
      environment: checks.environment,
      collect: (suite, target, signal) => {
        need('checks.collect', 'start-jobs');
        return checks.collect(suite, target, signal);
      },
      run: (batch, told, signal) => {
        const { kind, secrets } = batch.suite;
        if (kind === 'command') need('checks.run', 'start-jobs');
        else need('checks.run', 'ask-services', ...(Object.keys(secrets).length > 0 ? readsSecrets : []));
        return checks.run(batch, told, signal);
      },
    },
  };
}
