import { firestoreEmulator, pubSubEmulator } from '../../infra/local/emulators/emulators.ts';
import { program, type Requirement } from '../../infra/local/emulators/requirement.ts';

/** By the name of the function in `needs.ts` with which a test file says that it needs it. */
export const requirements = {
  describeWithFirestore: firestoreEmulator,
  describeWithPubSub: pubSubEmulator,
  describeWithGcloud: program('gcloud', { debianPackage: 'google-cloud-cli' }),
  describeWithPytest: program('pytest', { debianPackage: 'python3-pytest' }),
  describeWithChromium: program('chromium', { debianPackage: 'chromium' }),
  describeWithTerraform: program('terraform', { url: 'https://developer.hashicorp.com/terraform/install' }),
} satisfies Record<string, Requirement>;
