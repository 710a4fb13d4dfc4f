import { z } from 'zod';
import { maxSteps, modes } from '../domain/stages.ts';
import { AuditsFileSchema, AuditsSchema } from './audits/audits-config.ts';
import { DurationSchema, PositiveDurationSchema } from './duration.ts';
import { ExpectationSchema, expectation } from './expectations/expectation.ts';
import { RequestHeadersSchema } from './expectations/header.ts';
import { FreezeWindowSchema, NotBeforeSchema } from './freeze/freeze-window.ts';
import { GroupSchema } from './groups/group.ts';
import { ProjectSchema, RegionSchema, ServiceNameSchema, WatchedNameSchema } from './id-schemas.ts';
import { GithubFileSchema, GithubSchema } from './notices/github-config.ts';
import { NotificationsSchema } from './notices/notification-config.ts';
import { FurtherUrlSchema, TlsFileSchema, TlsSchema } from './reach/further-urls.ts';
import { GrpcHealthFileSchema, GrpcHealthSchema } from './reach/grpc-health.ts';
import { RevisionSourceSchema } from './revision-source.ts';
import { SuiteSchema } from './suites/suite.ts';
import { defaultTestsPolicy, TestsPolicySchema } from './suites/tests-policy.ts';
import { ConversationSchema } from './suites/websocket-suite.ts';

const ExpectSchema = z.strictObject({
  ...expectation,
  status: expectation.status.unwrap(),
  latency: PositiveDurationSchema,
});
/** As people write it: what is absent has a default. */
const ExpectSettings = ExpectSchema.extend({ headers: expectation.headers.unwrap() }).partial();

const HealthSchema = z.strictObject({
  path: z
    .string()
    .max(2048)
    .regex(/^\/(?!\/)[\x21-\x7e]*$/, 'a path starts with one slash and has no spaces')
    .refine((path) => !path.includes('#'), 'a path has no fragment')
    .meta({ example: '/health' }),
  method: z.enum(['GET', 'HEAD']),
  /** Sent with each probe. */
  headers: RequestHeadersSchema,
  expect: ExpectSchema,
  /** What is told of a response that is as expected, and never acted on. */
  warn: ExpectationSchema.optional(),
  /** From the end of one probe to the start of the next. */
  interval: PositiveDurationSchema,
  /** Bounds one probe, body included. */
  timeout: PositiveDurationSchema,
  /** The time limit for the first good response. */
  startupBudget: PositiveDurationSchema,
  /** How long after the first look refused connections and 5xx may be a warm-up. */
  startupGrace: DurationSchema,
  /** How long the same wrong response (status, header, body) may be part of the start-up, while stable passes. */
  wrongFor: DurationSchema,
  /** Consecutive good responses that make it healthy. */
  successes: z.int().min(1).max(100),
  /**
   * Consecutive bad responses after a good one, or consecutive 5xx / refused connections once Ready, that make it
   * failed.
   */
  failureThreshold: z.int().min(1).max(100),
  authenticate: z.enum(['auto', 'always', 'never']),
  /** What a tag's URL is asked with as `X-Forwarded-Host`, for an application that accepts certain hosts only. */
  host: z
    .string()
    .max(253)
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?$/i, 'a host name like shop.example.com')
    .optional(),
  /** Where a response names its revision: one that does counts at once. Absent: none does. */
  revision: RevisionSourceSchema.optional(),
  /** `urls`: by the service's further URLs alone, and only while the revision has all traffic. */
  via: z.enum(['revision', 'urls']),
  /** In place of `path` and what is expected of it: the health check of gRPC. */
  grpc: GrpcHealthSchema.optional(),
  /** A conversation that must also succeed. */
  websocket: ConversationSchema.optional(),
});

const WatchSchema = z.strictObject({
  for: DurationSchema,
  minimum: DurationSchema,
  /** The pause between two looks while all is well. */
  interval: PositiveDurationSchema,
  /** The share of bad looks, in percent, that makes it failed, however they are spread. */
  badShare: z.number().min(0).max(100),
});

const StepSchema = z.strictObject({ percent: z.int().min(1).max(100), hold: DurationSchema });

const RequestLogSchema = z.strictObject({
  /** `auto`: required in the steps of a canary; in other stages probes alone decide if there are too few requests. */
  use: z.enum(['auto', 'required', 'off']),
  window: PositiveDurationSchema,
  /** How late entries may arrive. */
  lag: DurationSchema,
  /** The fewest user requests that are judged, in a window and in a whole stage. */
  minimum: z.int().min(1).max(2000),
  /** The highest accepted share of 5xx responses, in percent. */
  errors: z.number().min(0).max(100),
  /** The highest accepted 95th percentile of latency; absent: latency is not judged. */
  p95: PositiveDurationSchema.optional(),
  /** Consecutive windows over a limit that make a breach. */
  windows: z.int().min(1).max(10),
});

const RollbackSchema = z.strictObject({
  /** `auto` writes traffic, `freeze` stops all automatic writes and raises an alarm, `notify` only reports. */
  policy: z.enum(['auto', 'freeze', 'notify']),
  /** How old, and how many revisions back, a target may be. */
  maxAge: DurationSchema,
  maxRevisions: z.int().min(1).max(100),
  /** The minimum time between two automatic rollbacks of the service, and their maximum number per day. */
  cooldown: DurationSchema,
  perDay: z.int().min(0).max(100),
  /** Keeps the tag `deploy-loop-stable` on the newest good revision, so that it can be probed at any time. */
  standingTag: z.boolean(),
});

const service = {
  /** The name in commands and reports. */
  name: WatchedNameSchema,
  project: ProjectSchema,
  region: RegionSchema,
  /** The name in Cloud Run; default: `name`. */
  service: ServiceNameSchema,
  mode: z.enum(modes),
  /** Ids or names of the Cloud Build triggers that deploy it. */
  triggers: z.array(z.string().min(1)).max(50),
  health: HealthSchema,
  /**
   * Further URLs of the service (a custom domain behind a load balancer), probed while the revision has all traffic.
   */
  urls: z.array(FurtherUrlSchema).max(10),
  /** Whom to trust at those URLs, besides the public authorities. */
  tls: TlsSchema.optional(),
  /** How long old revisions may still answer after a traffic change. */
  propagation: DurationSchema,
  /** The steps of a canary; the last has all traffic. */
  steps: z.array(StepSchema).min(1).max(maxSteps),
  watch: WatchSchema,
  requestLog: RequestLogSchema,
  rollback: RollbackSchema,
  /** When no revision gets more traffic by the guard. */
  freeze: z.array(FreezeWindowSchema).refine((list) => list.length <= 10, 'use at most 10 entries'),
  /** Nor before this instant. */
  notBefore: NotBeforeSchema.optional(),
  /** Sets of e2e tests, run on each new revision once it is healthy. */
  suites: z.array(SuiteSchema).max(200),
  /** How suites are run and judged. */
  tests: TestsPolicySchema,
  /** The repository that is told of its deploys. */
  github: GithubSchema.optional(),
  /** Who else is told of what happens. */
  notifications: NotificationsSchema,
  /** What each run is compared with the last good one for, after its verdict; absent: nothing. */
  audits: AuditsSchema.optional(),
} as const;

/** One watched service with every default filled in; durations stay text, as they are stored and shown. */
export const ServiceConfigSchema = z.strictObject(service);
export type ServiceConfig = z.infer<typeof ServiceConfigSchema>;

/**
 * Settings with current key names: `propagation` was called `spread`. If both occur, the current name takes precedence.
 */
export function withCurrentKeys({ spread, ...settings }: Readonly<Record<string, unknown>>) {
  return spread === undefined ? settings : { propagation: spread, ...settings };
}

/** Services that belong together; each is in one group at most. */
const groups = z.array(GroupSchema).max(50).optional();

/** A config as it is stored and bound to runs. */
export const ConfigSchema = z.strictObject({
  version: z.literal(1),
  services: z.array(ServiceConfigSchema).min(1).max(200),
  groups,
});
export type Config = z.infer<typeof ConfigSchema>;

const settings = z
  .strictObject({
    ...service,
    health: HealthSchema.extend({
      expect: ExpectSettings,
      warn: ExpectSettings,
      grpc: GrpcHealthFileSchema,
    }).partial(),
    watch: WatchSchema.partial(),
    requestLog: RequestLogSchema.partial(),
    rollback: RollbackSchema.partial(),
    tls: TlsFileSchema,
    github: GithubFileSchema,
    tests: TestsPolicySchema.extend({ gates: TestsPolicySchema.shape.gates.partial() }).partial(),
    audits: AuditsFileSchema,
    /** @deprecated the old name of `propagation` */
    spread: DurationSchema.meta({ deprecated: true }),
  })
  .partial();

/** The file as users write it: everything except the name of a service has a default. */
export const ConfigFileSchema = z.strictObject({
  version: z.literal(1, 'write 1, the only supported version'),
  /** Values for all services: any key of a service. */
  defaults: settings.omit({ name: true, service: true }).default({}),
  services: z
    .array(settings.required({ name: true }))
    .min(1)
    .max(200),
  groups,
});
export type ConfigFile = z.infer<typeof ConfigFileSchema>;

export const builtInDefaults = {
  mode: 'guard',
  triggers: [],
  urls: [],
  health: {
    path: '/',
    method: 'GET',
    headers: {},
    expect: { status: 200, headers: {}, latency: '2s' },
    interval: '2s',
    timeout: '5s',
    startupBudget: '240s',
    startupGrace: '0s',
    wrongFor: '30s',
    successes: 3,
    failureThreshold: 3,
    authenticate: 'auto',
    via: 'revision',
  },
  propagation: '10s',
  steps: [
    { percent: 5, hold: '5m' },
    { percent: 50, hold: '10m' },
    { percent: 100, hold: '15m' },
  ],
  watch: { for: '10m', minimum: '60s', interval: '10s', badShare: 10 },
  requestLog: { use: 'auto', window: '60s', lag: '30s', minimum: 20, errors: 5, windows: 2 },
  rollback: {
    policy: 'auto',
    maxAge: '30d',
    maxRevisions: 10,
    cooldown: '10m',
    perDay: 5,
    standingTag: true,
  },
  freeze: [],
  suites: [],
  tests: defaultTestsPolicy,
  notifications: [],
} as const;
