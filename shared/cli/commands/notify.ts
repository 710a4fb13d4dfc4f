import { Argument, Command } from 'commander';
import type { ServiceConfig } from '../../contracts/config.ts';
import { describeError } from '../../domain/errors.ts';
import type { NoticeEvent } from '../../domain/notices/notice-event.ts';
import { type AccessFinding, reviewAccess } from '../../domain/scm/scm-access.ts';
import { notifyTestDocument, type TestResult } from '../../output/notice-output.ts';
import type { Ports } from '../../ports/ports.ts';
import { connectOthers, createClock } from '../../runtime/container.ts';
import { parseSettings } from '../../runtime/settings.ts';
import { placeOf } from '../../services/notices/notice-config.ts';
import { eventBody } from '../../services/notices/send-event.ts';
import { describeFinding } from '../../wording/describe-access.ts';
import type { CliIo } from '../cli-io.ts';
import { CommandExit } from '../exit/command-exit.ts';
import { exitCodes } from '../exit/exit-codes.ts';
import { printDocument } from '../exit/print-document.ts';
import { readConfigTold } from '../input/read-config-file.ts';

type Others = Pick<Ports, 'scm' | 'notifier'>;

/** `deploy-loop notify test FILE`: sends a test event to each notification, and asks what each credential may do. */
export function notifyCommand(io: CliIo): Command {
  return new Command('notify')
    .description('send a test event to the notifications of a config, and check its access to GitHub')
    .addArgument(new Argument('<what>', 'what to send').choices(['test']))
    .argument('<file>', 'the config file')
    .action(async (_what: 'test', file: string, _options, command: Command) => {
      const { json } = command.optsWithGlobals<{ json?: true }>();
      const { config } = await readConfigTold(file, io);
      const clock = createClock();
      const others = connectOthers(parseSettings(io.env), clock);
      try {
        const channels = await testChannels(config.services, clock.now(), others);
        const places = await testPlaces(config.services, others);
        const results = [...channels, ...places.results];
        const code = results.some(({ error }) => error !== undefined)
          ? exitCodes.inconclusive
          : exitCodes.pass;
        if (json) return printDocument(notifyTestDocument(results, places.warnings, code), io);
        io.stdout.write(describe(results, places.warnings));
        if (code !== exitCodes.pass) throw new CommandExit(code);
      } finally {
        await others.close();
      }
    });
}

/** Each channel once, however many services have it. */
async function testChannels(
  services: readonly ServiceConfig[],
  at: Date,
  { notifier }: Others,
): Promise<TestResult[]> {
  const channels = new Map(
    services.flatMap((service) =>
      service.notifications.map((channel) => [JSON.stringify(channel), { service, channel }] as const),
    ),
  );
  return Promise.all(
    [...channels.values()].map(async ({ service: { name, project, region, service }, channel }) => {
      const event: NoticeEvent = {
        id: `test.${at.getTime()}.${channel.name}`,
        kind: 'promoted',
        at,
        name,
        ref: { project, region, service },
        why: 'this is a test of deploy-loop: nothing has happened',
      };
      const { url, secret, kind } = channel;
      return attempt(channel.name, () =>
        notifier.send({ id: event.id, url, secret, body: eventBody(kind, event) }),
      );
    }),
  );
}

async function testPlaces(
  services: readonly ServiceConfig[],
  { scm }: Others,
): Promise<{ readonly results: TestResult[]; readonly warnings: string[] }> {
  const warnings = new Set<string>();
  const places = new Map(
    services.flatMap((service) =>
      service.github ? [[JSON.stringify(service.github), { service, github: service.github }] as const] : [],
    ),
  );
  const results = await Promise.all(
    [...places.values()].map(({ service, github }) =>
      attempt(github.repo, async () => {
        const place = placeOf(service, scm);
        const findings = reviewAccess(await place.scm.access(place.repository), {
          pullComments: github.comment,
          prevention: github.prevention,
        });
        for (const finding of findings) warnings.add(warningOf(github.repo, finding));
      }),
    ),
  );
  return { results, warnings: [...warnings] };
}

function warningOf(repo: string, finding: AccessFinding): string {
  return `${repo}: ${describeFinding(finding)}`;
}

async function attempt(name: string, work: () => Promise<void>): Promise<TestResult> {
  try {
    await work();
    return { name };
  } catch (error) {
    return { name, error: describeError(error) };
  }
}

function describe(results: readonly TestResult[], warnings: readonly string[]): string {
  if (results.length === 0) return 'the config names no notification and no repository\n';
  const lines = results.map(({ name, error }) => `${name}: ${error ?? 'ok'}\n`);
  return [...lines, ...warnings.map((warning) => `warning: ${warning}\n`)].join('');
}
