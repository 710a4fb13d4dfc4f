import { beforeEach, describe, expect, it } from '@jest/globals';
import { documentIn } from '../../../shared/contracts/document.ts';
import { diagnoses, runs } from '../../../shared/contracts/records.ts';
import type { BuildId } from '../../../shared/domain/ids.ts';
import { diagnose } from '../../../shared/services/diagnose.ts';
import { deployedCommits } from '../../../shared/services/diagnosis/deployed-commits.ts';
import { aConfig } from '../../builders.ts';
import { answers } from '../../world/fake-cloud.ts';
import { FakeRepository } from '../../world/scm/fake-repository.ts';
import { World } from '../../world/world.ts';
import { aToldService } from '../notices/told.ts';

let world: World;
let repository: FakeRepository;
let good: string;
let bad: string;

beforeEach(async () => {
  world = await World.create({ config: aConfig(aToldService()) });
  repository = new FakeRepository();
  good = repository.push('main', 'Start', { 'main.py': '', 'shop/__init__.py': '', 'shop/audit.py': '' });
  bad = repository.push('main', 'Tidy up', { '.dockerignore': '**/audit*\n' });
});

/** A deploy by a build of `commit`, told by a label of the revision or by the build alone. */
async function deploy(
  name: string,
  commit: string,
  by: 'label' | 'build',
  behaviour = answers.good,
): Promise<void> {
  const id = `00000000-0000-4000-8000-00000000000${name.slice(-1)}` as BuildId;
  const labels = { 'gcb-build-id': id, ...(by === 'label' && { 'commit-sha': commit }) };
  world.cloud.deploy(world.ref, name, { behaviour, labels });
  await world.finishBuild(world.addBuild({ id, substitutions: { COMMIT_SHA: commit } }));
}

async function failingDeploy(): Promise<void> {
  world.intercept(({ bus }) => ({
    bus: { publish: async (hop, message) => (hop === 'diagnose' ? undefined : bus.publish(hop, message)) },
  }));
  world.cloud.entries.set('web-2', [
    {
      insertId: 'cause',
      at: world.clock.trueNow(),
      severity: 'ERROR',
      source: 'output',
      text: "ModuleNotFoundError: No module named 'shop.audit'",
    },
  ]);
  await deploy('web-2', bad, 'build', answers.unavailable);
}

describe('the diagnosis of a run', () => {
  it('holds what the commit says, and what a pull request may mend', async () => {
    await deploy('web-1', good, 'build');
    await failingDeploy();
    const runId = world.runIdOf('web-2');
    await diagnose(
      { runId },
      {
        ...world.ports,
        scm: { connect: (to) => ({ ...world.scm.connect(to), commits: repository.commits }) },
      },
    );
    const { data } = (await world.store.get(documentIn(diagnoses, runId))) ?? {};
    expect(data?.result?.whys.at(-2)).toEqual({
      question: 'In the commit, or only in the container?',
      answer:
        'only in the container: the commit has shop/audit.py, and line 1 of .dockerignore (**/audit*) keeps it out of the image',
      evidence: [`commit:${bad}:.dockerignore`, `commit:${bad}:shop/audit.py`],
    });
    expect(data?.evidence).toContainEqual(
      expect.objectContaining({ ref: `commit:${bad}:.dockerignore`, source: 'commit' }),
    );
    expect(data?.preventable).toEqual({ kind: 'ignored-module', paths: ['shop/audit.py'] });
  });

  it.each(['label', 'build'] as const)('knows the commit of stable by its %s', async (by) => {
    await deploy('web-1', good, by);
    await failingDeploy();
    const run = await world.store.get(documentIn(runs, world.runIdOf('web-2')));
    if (!run) throw new Error('no run');
    expect(await deployedCommits(run.data, world.ports)).toEqual({ candidate: bad, stable: good });
    expect(await deployedCommits({ ...run.data, build: undefined }, world.ports)).toEqual({
      candidate: bad,
      stable: good,
    });
  });

  it('takes no other text for a commit', async () => {
    await deploy('web-1', 'main; rm -rf /', 'build');
    await failingDeploy();
    const run = await world.store.get(documentIn(runs, world.runIdOf('web-2')));
    if (!run) throw new Error('no run');
    expect(await deployedCommits(run.data, world.ports)).toEqual({ candidate: bad, stable: undefined });
  });
});
