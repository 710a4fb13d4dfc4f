import { expect, it } from '@jest/globals';
import { describeWithFirestore, describeWithPubSub } from './needs.ts';

const ok = async (host: string | undefined) => (await (await fetch(`http://${host}/`)).text()).trim();

describeWithFirestore("Google's Firestore emulator", () => {
  it('answers where its variable says', async () => {
    expect(await ok(process.env.FIRESTORE_EMULATOR_HOST)).toBe('Ok');
  });
});

describeWithPubSub("Google's Pub/Sub emulator", () => {
  it('answers where its variable says', async () => {
    expect(await ok(process.env.PUBSUB_EMULATOR_HOST)).toBe('Ok');
  });
});
