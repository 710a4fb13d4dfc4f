import { findInCloudSdk } from './cloud-sdk.ts';
import { findOnPath } from './find-on-path.ts';
import type { Requirement } from './requirement.ts';

/** One of Google's emulators: a server in Java that comes with the gcloud SDK. */
export interface Emulator extends Requirement {
  /** The variable by which Google's clients find it: `host:port`. */
  readonly hostVariable: string;
  /**
   * @param port on 127.0.0.1
   * @returns arguments for `java`
   * @throws {Error} it is not installed
   */
  javaArguments(port: number): readonly string[];
}

export const firestoreEmulator = emulator({
  name: "Google's Firestore emulator",
  hostVariable: 'FIRESTORE_EMULATOR_HOST',
  component: 'cloud-firestore-emulator',
  debianPackage: 'google-cloud-cli-firestore-emulator',
  jar: () => findInCloudSdk('cloud-firestore-emulator', /^cloud-firestore-emulator\.jar$/),
  // Its error messages are translated otherwise, and clients read them.
  run: (jar) => [
    '-Duser.language=en',
    '-cp',
    jar,
    'com.google.cloud.datastore.emulator.firestore.CloudFirestore',
    'start',
  ],
});

export const pubSubEmulator = emulator({
  name: "Google's Pub/Sub emulator",
  hostVariable: 'PUBSUB_EMULATOR_HOST',
  component: 'pubsub-emulator',
  debianPackage: 'google-cloud-cli-pubsub-emulator',
  jar: () => findInCloudSdk('pubsub-emulator/lib', /^cloud-pubsub-emulator-.*-all\.jar$/),
  run: (jar) => ['-jar', jar],
});

interface Description {
  readonly name: string;
  readonly hostVariable: string;
  /** For `gcloud components install`. */
  readonly component: string;
  readonly debianPackage: string;
  jar(): string | undefined;
  run(jar: string): readonly string[];
}

/** They live for a minute: a simple collector and the quick compiler start them twice as fast. */
const quickStart = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

function emulator({ name, hostVariable, component, debianPackage, jar, run }: Description): Emulator {
  return {
    name,
    hostVariable,
    debianPackage,
    missing() {
      if (process.env[hostVariable]) return undefined;
      const howTo = `apt-get install ${debianPackage} (or: gcloud components install ${component})`;
      if (findOnPath('java') === undefined) return `Java is not installed: ${howTo}`;
      return jar() === undefined ? `it is not installed: ${howTo}` : undefined;
    },
    javaArguments(port) {
      const path = jar();
      if (path === undefined) throw new Error(`${name} is not installed`);
      return [...quickStart, ...run(path), '--host=127.0.0.1', `--port=${port}`];
    },
  };
}
