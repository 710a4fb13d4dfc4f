import type { SimWorld } from '../sim-world.ts';
import { badIsNoticed } from './bad-is-noticed.ts';
import { checksStop } from './checks-stop.ts';
import { checksToldTruly } from './checks-told-truly.ts';
import { decidedOnce } from './decided-once.ts';
import { everythingEnds } from './everything-ends.ts';
import { failureIsProven } from './failure-is-proven.ts';
import { goodIsVerified } from './good-is-verified.ts';
import { intentBeforeWrite } from './intent-before-write.ts';
import type { Invariant } from './invariant.ts';
import { keepsUserSettings } from './keeps-user-settings.ts';
import { landedIsDone } from './landed-is-done.ts';
import { noWriteAfterEnd } from './no-write-after-end.ts';
import { notOverHuman } from './not-over-human.ts';
import { notOverNewer } from './not-over-newer.ts';
import { nothingWhileKilled } from './nothing-while-killed.ts';
import { oneWritePerEffect } from './one-write-per-effect.ts';
import { onlyToGood } from './only-to-good.ts';
import { testsDecidedTruly } from './tests-decided-truly.ts';
import { wakesFew } from './wakes-few.ts';

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
