import { platformOnly, type Rule } from '../rule.ts';

const healthy = 'healthy/none';

/** Lines that look like faults and are none. */
export const healthRules: readonly Rule[] = [
  {
    name: 'starting-instance',
    layer: 'noise',
    means: healthy,
    weight: 20,
    pattern: String.raw`^(?:Starting new instance\. Reason: |Default STARTUP TCP probe succeeded after \d+ attempt)`,
    says: 'an instance was started',
    source: 'run.googleapis.com/varlog/system',
  },
  {
    name: 'notices',
    layer: 'noise',
    means: healthy,
    weight: 20,
    pattern: String.raw`(?i)^(?:npm (?:warn|notice)\b|\S*DeprecationWarning: |\(node:\d+\) (?:\[DEP\d+\] DeprecationWarning|ExperimentalWarning|Warning: )|WARNING: Running pip as|WARNING: You are using pip version|\S*FutureWarning: |\S*UserWarning: |\S*PendingDeprecationWarning: |info  - |\S+ \S+ INFO +Started \S+ in [\d.]+ seconds)`,
    says: 'a tool gave a notice',
    source: 'npm, pip, CPython warnings, Node.js warnings',
  },
  {
    name: 'stop-signal',
    layer: 'platform',
    means: healthy,
    weight: 50,
    pattern: String.raw`(?i)(?:Uncaught signal: |Container terminated on signal |received signal )(?:2|15|SIGINT|SIGTERM)\b|signal SIG(?:TERM|INT)\b|Handling signal: (?:term|int)|(?:received|got|caught) SIG(?:TERM|INT)\b|shutting down gracefully|graceful(?:ly)? shut|Finished server process|Waiting for application shutdown`,
    says: 'the process was asked to stop, as Cloud Run does with each instance that it no longer needs',
    source: 'cloud.google.com/run/docs/container-contract#instance-shutdown',
  },
  {
    name: 'known-harmless',
    layer: 'cause',
    means: healthy,
    weight: 66,
    pattern: String.raw`(?i)(?:is|are|was|were|as|be) (?:\w+ )?(?:harmless|benign|expected|by design|working as intended|safe(?:ly)? (?:to )?ignored?|cosmetic|informational)\b|can be (?:safely )?ignored|safe to ignore|false (?:alarm|alert)|not an? (?:error|outage|incident)\b|(?:everything|service|app|site|deploy\w*) (?:still |is |was )(?:fine|ok|okay|healthy|up)\b|(?:everything|service|app|site|deploy\w*) (?:still |is |was )?(?:works?|working|worked) (?:fine|normally|as expected|correctly)|no (?:user |real |visible )?impact|only (?:a )?(?:warning|noise)|just (?:a )?(?:warning|noise)`,
    says: 'somebody who looked says that nothing is broken: $0',
    from: ['report', 'symptom'],
    source: "operators' words",
  },
  {
    name: 'unasked-paths',
    layer: 'noticed',
    means: healthy,
    weight: 52,
    pattern: String.raw`(?i)(?:favicon\.ico|robots\.txt|apple-touch-icon|/wp-(?:login|admin|content)|\.env\b|/\.git|phpmyadmin|xmlrpc\.php|/\.well-known/).{0,40}\b40[0-9]\b|\b40[0-9]\b.{0,60}(?:favicon\.ico|robots\.txt|/wp-|/\.git|phpmyadmin|xmlrpc)`,
    says: 'somebody asked for a path that the service does not have: $0',
    source: 'browsers, scanners',
  },
  {
    name: 'development-server',
    layer: 'noticed',
    means: healthy,
    weight: 44,
    pattern: `(?i)This is a development server|Running as root (?:without|is not)|you are running .{0,30}as root|Using worker: sync|Booting worker with pid`,
    says: 'a server gave a notice: $0',
    from: platformOnly,
    source: 'Werkzeug, pip, gunicorn',
  },
];
