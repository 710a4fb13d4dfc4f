import { beforeEach, describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { type DiagnosisRecord, diagnoses } from '../../../shared/contracts/records.ts';
import { PermanentError, TransientError } from '../../../shared/domain/errors.ts';
import type { LogEntry } from '../../../shared/domain/log-evidence/log-entry.ts';
import { answers } from '../../world/fake-cloud.ts';
import { sweepForMinutes } from '../../world/sweep-for-minutes.ts';
import { World } from '../../world/world.ts';

let world: World;

beforeEach(async () => {
  world = await World.create();
  await world.deployGood('web-1');
});

async function diagnosisOf(revision: string): Promise<DiagnosisRecord | undefined> {
  return (await world.store.get(documentIn(diagnoses, world.runIdOf(revision))))?.data;
}

function entry(source: LogEntry['source'], text: string, insertId = text.slice(0, 8)): LogEntry {
  return { insertId, at: world.clock.trueNow(), severity: 'ERROR', source, text };
}

/** web-2 answers 503, and its log says why. */
async function failingDeploy(): Promise<void> {
  const build = world.deployByBuild('web-2', { behaviour: answers.unavailable });
  world.cloud.entries.set('web-2', [
    entry('platform', 'Container called exit(1).', 'exit'),
    entry('output', "KeyError: 'QUEUE_URL'", 'cause'),
  ]);
  world.cloud.settings.set('web-1', new Map([['env.QUEUE_URL', 'q']]));
  world.cloud.settings.set('web-2', new Map());
  await world.finishBuild(build);
}

describe('diagnose', () => {
  it('says why, with the evidence, once traffic is back', async () => {
    const writesAtReading: number[] = [];
    world.intercept(({ logs }) => ({
      logs: {
        listRequests: (query) => logs.listRequests(query),
        listEntries: (query, part) => {
          writesAtReading.push(world.cloud.writes.length);
          return logs.listEntries(query, part);
        },
      },
    }));
    await failingDeploy();
    const found = await diagnosisOf('web-2');
    expect(found).toMatchObject({
      result: { category: 'missing-env-or-secret', suggestedAction: 'fix-config' },
    });
    expect(found?.result?.whys.map(({ evidence }) => evidence[0])).toEqual([
      'reason:0',
      'log:exit',
      'log:cause',
      'diff:env.QUEUE_URL',
    ]);
    expect(found?.evidence).toContainEqual(
      expect.objectContaining({ ref: 'log:cause', text: "KeyError: 'QUEUE_URL'" }),
    );
    expect(found?.dueAt).toBeUndefined();
    expect(writesAtReading).toEqual([1, 1]);
  });

  it('has nothing to say of a run that passed', async () => {
    await world.finishBuild(world.deployByBuild('web-2'));
    expect(await diagnosisOf('web-2')).toBeUndefined();
  });

  it('is made by the sweep when its message was lost', async () => {
    world.intercept(({ bus }) => ({
      bus: { publish: async (hop, message) => (hop === 'diagnose' ? undefined : bus.publish(hop, message)) },
    }));
    await failingDeploy();
    expect(await diagnosisOf('web-2')).not.toHaveProperty('result');
    world.intercept(() => ({}));
    await sweepForMinutes(world, 6);
    expect(await diagnosisOf('web-2')).toMatchObject({ result: { category: 'missing-env-or-secret' } });
  });

  it('waits for the change of traffic', async () => {
    let isRefused = true;
    world.intercept(({ run }) => ({
      run: {
        ...world.cloudPort(),
        updateTraffic: (ref, change) => {
          if (isRefused) throw new TransientError('UNAVAILABLE');
          return run.updateTraffic(ref, change);
        },
      },
    }));
    await expect(failingDeploy()).rejects.toThrow('UNAVAILABLE');
    await world.publish('diagnose', { runId: world.runIdOf('web-2') });
    await world.bus.idle();
    expect(await diagnosisOf('web-2')).not.toHaveProperty('result');
    isRefused = false;
    await sweepForMinutes(world, 3);
    expect(await world.serving()).toEqual({ 'web-1': 100 });
    expect(await diagnosisOf('web-2')).toMatchObject({ result: { category: 'missing-env-or-secret' } });
  });

  it('names what it could not read', async () => {
    const denied = () => new PermanentError('logging.logEntries.list denied');
    world.cloud.entryFaults.push(denied(), denied());
    await failingDeploy();
    const { result } = (await diagnosisOf('web-2')) ?? {};
    expect(result?.missing).toContainEqual(expect.stringContaining('logging.logEntries.list denied'));
    // What is left is the setting that stable has and web-2 lacks: a hint, no proof.
    expect(result?.confidence).toBeLessThan(0.5);
    expect(result?.suggestedAction).not.toBe('rollback');
  });

  it('looks a second time for entries that are late', async () => {
    const late = [entry('output', "KeyError: 'QUEUE_URL'", 'cause')];
    let looks = 0;
    world.intercept(({ logs }) => ({
      logs: {
        listRequests: (query) => logs.listRequests(query),
        listEntries: async () => ({ entries: ++looks > 2 ? late : [], complete: true }),
      },
    }));
    await failingDeploy();
    expect(await diagnosisOf('web-2')).toMatchObject({ result: { category: 'missing-env-or-secret' } });
    expect(looks).toBe(4);
  });

  it('is asked for once, however many deliveries end the rollback', async () => {
    const asked: string[] = [];
    world.intercept(({ bus }) => ({
      bus: {
        publish: async (hop, message) => {
          if (hop === 'diagnose') asked.push(hop);
          const times = hop === 'route-traffic' ? 3 : 1;
          for (let n = 0; n < times; n++) await bus.publish(hop, message);
        },
      },
    }));
    await failingDeploy();
    expect(world.cloud.writes).toHaveLength(1);
    expect(asked).toEqual(['diagnose']);
  });

  it('is made once, however often it is asked for', async () => {
    await failingDeploy();
    const first = await diagnosisOf('web-2');
    world.cloud.entries.clear();
    const runId = world.runIdOf('web-2');
    await Promise.all([1, 2, 3].map(() => world.publish('diagnose', { runId })));
    await world.bus.idle();
    expect(await diagnosisOf('web-2')).toEqual(first);
  });
});

describe('the evidence of a diagnosis', () => {
  it('is asked for within ten calls to Cloud Logging, and within ten seconds', async () => {
    let calls = 0;
    world.intercept(({ logs }) => ({
      logs: {
        listRequests: (query) => logs.listRequests(query),
        listEntries: async () => {
          calls++;
          await world.clock.sleep(60_000);
          return { entries: [], complete: true };
        },
      },
    }));
    await failingDeploy();
    const run = await world.run('web-2');
    const found = await diagnosisOf('web-2');
    expect(calls).toBeLessThanOrEqual(10);
    const tookMs = (found?.madeAt?.getTime() ?? 0) - (run?.closedAt?.getTime() ?? 0);
    expect(tookMs).toBeLessThanOrEqual(10_000);
    expect(found?.result?.missing).toContain(
      "Cloud Run's own log of the revision, the output of the container: no answer within 10 s",
    );
  });

  it('names in one line what several sources lack for one reason', async () => {
    const denied = () =>
      new PermanentError('ListLogEntries of web-2: PERMISSION_DENIED: give this account X');
    world.cloud.entryFaults.push(denied(), denied());
    await failingDeploy();
    const missing = (await diagnosisOf('web-2'))?.result?.missing ?? [];
    expect(missing.filter((line) => line.includes('PERMISSION_DENIED'))).toEqual([
      "Cloud Run's own log of the revision, the output of the container: ListLogEntries of web-2: PERMISSION_DENIED: give this account X",
    ]);
  });

  it('has a secret of a log neither whole nor in parts', async () => {
    world.cloud.entries.set('web-2', [
      ...['-----BEGIN PRIVATE KEY-----', 'MIIEc0re7Secret9PartAQEAAQEAAQEA', '-----END PRIVATE KEY-----'].map(
        (text, n) => entry('output', text, `key${n}`),
      ),
      entry('output', 'KeyError: no DB_PASSWORD=', 'name'),
      entry('output', 'c0re7Secret9Part', 'value'),
    ]);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    expect(JSON.stringify(await diagnosisOf('web-2'))).not.toContain('c0re7Secret9Part');
  });

  it('says what stable answers to the same probe, and suggests no rollback then', async () => {
    world.cloud.entries.set('web-2', [entry('output', "AttributeError: 'NoneType' has no 'items'", 'cause')]);
    world.cloud.setBehaviour(world.ref, 'web-1', answers.unavailable);
    await world.finishBuild(world.deployByBuild('web-2', { behaviour: answers.unavailable }));
    const found = await diagnosisOf('web-2');
    expect(await world.run('web-2')).toMatchObject({ reasons: [{ code: 'dependency' }, {}] });
    expect(world.cloud.writes).toHaveLength(0);
    expect(found?.result?.suggestedAction).not.toBe('rollback');
    expect(found?.evidence).toContainEqual(
      expect.objectContaining({
        ref: expect.stringMatching(/^probe:/),
        text: expect.stringMatching(/^stable, to the same probe: HTTP 503/),
      }),
    );
  });

  it('of an outage that reaches stable before the rollback is written: no rollback, and none is suggested', async () => {
    let isRefused = true;
    world.intercept(({ run }) => ({
      run: {
        ...world.cloudPort(),
        updateTraffic: (ref, change) => {
          if (isRefused) throw new TransientError('UNAVAILABLE');
          return run.updateTraffic(ref, change);
        },
      },
    }));
    await expect(failingDeploy()).rejects.toThrow('UNAVAILABLE');
    expect(await world.decision('web-2', 'health')).toMatchObject({ action: 'rollback' });
    const fault = `Traceback (most recent call last):
  File "/app/main.py", line 4, in cart
    return order.items()
AttributeError: 'NoneType' object has no attribute 'items'`;
    world.cloud.entries.set('web-2', [entry('output', fault, 'cause')]);
    world.cloud.setBehaviour(world.ref, 'web-1', answers.unavailable);
    isRefused = false;
    await sweepForMinutes(world, 3);
    expect(world.cloud.writes).toHaveLength(0);
    expect(await world.run('web-2')).toMatchObject({ outcome: { code: 'target-failing' } });
    const found = await diagnosisOf('web-2');
    expect(found?.result?.category).toBe('app-logic-regression');
    expect(found?.result?.suggestedAction).toBe('none');
  });
});
