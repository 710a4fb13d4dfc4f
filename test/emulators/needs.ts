import { describe } from '@jest/globals';
import type { Requirement } from '../../infra/local/emulators/requirement.ts';
import { requirements } from './requirements.ts';

type Describe = (name: string, body: () => void) => void;

/** Must be called in the test file itself: its text tells the global set-up what to start. */
export const describeWithFirestore = describeIf(requirements.describeWithFirestore);
export const describeWithPubSub = describeIf(requirements.describeWithPubSub);
export const describeWithGcloud = describeIf(requirements.describeWithGcloud);
export const describeWithPytest = describeIf(requirements.describeWithPytest);
export const describeWithChromium = describeIf(requirements.describeWithChromium);
export const describeWithTerraform = describeIf(requirements.describeWithTerraform);

/** Like `describe`; without the requirement its tests are skipped, and their title says why. */
export function describeIf(requirement: Requirement): Describe {
  return (name, body) => {
    const missing = requirement.missing();
    if (missing === undefined) describe(name, body);
    else describe.skip(`${name} (skipped without ${requirement.name}: ${missing})`, body);
  };
}
