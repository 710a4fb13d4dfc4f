import type { SimWorld } from '../sim-world.ts';
import { badIsNoticed } from './bad-is-noticed.ts';
import { checksStop } from './checks/checks-stop.ts';
import { checksToldTruly } from './checks/checks-told-truly.ts';
import { testsDecidedTruly } from './checks/tests-decided-truly.ts';
import { decidedOnce } from './decided-once.ts';
import { everythingEnds } from './everything-ends.ts';
import { failureIsProven } from './failure-is-proven.ts';
import type { Invariant } from './invariant.ts';
import { wakesFew } from './wakes-few.ts';
import { goodIsVerified } from './writes/good-is-verified.ts';
import { intentBeforeWrite } from './writes/intent-before-write.ts';
import { keepsUserSettings } from './writes/keeps-user-settings.ts';
import { landedIsDone } from './writes/landed-is-done.ts';
import { noWriteAfterEnd } from './writes/no-write-after-end.ts';
import { notOverHuman } from './writes/not-over-human.ts';
import { notOverNewer } from './writes/not-over-newer.ts';
import { nothingWhileKilled } from './writes/nothing-while-killed.ts';
import { oneWritePerEffect } from './writes/one-write-per-effect.ts';
import { onlyToGood } from './writes/only-to-good.ts';

export function allInvariants(world: SimWorld): Invariant[] {
  return [
    oneWritePerEffect(),
    intentBeforeWrite(world),
    onlyToGood(world),
    notOverNewer(world),
    notOverHuman(world),
    everythingEnds(world),
    badIsNoticed(world),
    checksToldTruly(world),
    testsDecidedTruly(world),
    failureIsProven(world),
    checksStop(world),
    wakesFew(world),
    goodIsVerified(world),
    decidedOnce(world),
    landedIsDone(world),
    noWriteAfterEnd(world),
    nothingWhileKilled(world),
    keepsUserSettings(world),
  ];
}
