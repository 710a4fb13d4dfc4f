import type { SimWorld } from '../sim-world.ts';
import { badIsAlarmed } from './bad-is-alarmed.ts';
import { badIsNoticed } from './bad-is-noticed.ts';
import { checksStop } from './checks/checks-stop.ts';
import { checksToldTruly } from './checks/checks-told-truly.ts';
import { testsDecidedTruly } from './checks/tests-decided-truly.ts';
import { decidedOnce } from './decided-once.ts';
import { everythingEnds } from './everything-ends.ts';
import { failureIsProven } from './failure-is-proven.ts';
import { goodServesAtLast } from './good-serves-at-last.ts';
import type { Invariant } from './invariant.ts';
import { previewsChangeNothing } from './previews-change-nothing.ts';
import { probesFew } from './probes-few.ts';
import { restoredIsTrue } from './restored-is-true.ts';
import { versionsAreTold } from './versions-are-told.ts';
import { wakesFew } from './wakes-few.ts';
import { expires } from './writes/expires.ts';
import { goodIsVerified } from './writes/good-is-verified.ts';
import { goodKeepsUsers } from './writes/good-keeps-users.ts';
import { intentBeforeWrite } from './writes/intent-before-write.ts';
import { keepsPolicy } from './writes/keeps-policy.ts';
import { keepsUserSettings } from './writes/keeps-user-settings.ts';
import { landedIsDone } from './writes/landed-is-done.ts';
import { looksAgain } from './writes/looks-again.ts';
import { noWriteAfterEnd } from './writes/no-write-after-end.ts';
import { notOverHuman } from './writes/not-over-human.ts';
import { notOverNewer } from './writes/not-over-newer.ts';
import { nothingInWindow } from './writes/nothing-in-window.ts';
import { nothingWhileKilled } from './writes/nothing-while-killed.ts';
import { oneWritePerEffect } from './writes/one-write-per-effect.ts';
import { onlyToGood } from './writes/only-to-good.ts';

/** What is promised of one service. */
export function invariantsAround(world: SimWorld): Invariant[] {
  const { service } = world.cloud.ref;
  return allInvariants(world).map((invariant) => ({
    ...invariant,
    onWrite: (write) => (write.before.ref.service === service ? invariant.onWrite?.(write) : undefined),
  }));
}

function allInvariants(world: SimWorld): Invariant[] {
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
    probesFew(world),
    goodIsVerified(world),
    decidedOnce(world),
    landedIsDone(world),
    noWriteAfterEnd(world),
    nothingWhileKilled(world),
    nothingInWindow(world),
    keepsUserSettings(world),
    goodKeepsUsers(world),
    goodServesAtLast(world),
    restoredIsTrue(world),
    badIsAlarmed(world),
    previewsChangeNothing(world),
    looksAgain(world),
    expires(world),
    keepsPolicy(world),
    versionsAreTold(world),
  ];
}
