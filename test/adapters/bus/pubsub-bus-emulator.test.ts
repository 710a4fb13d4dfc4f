import { describe } from '@jest/globals';
import { describeWithPubSub } from '../../emulators/needs.ts';
import { specifyBus } from './bus-contract.ts';
import { openEmulatorBus } from './bus-emulator.ts';
import { specifyOutages } from './bus-outages.ts';

const { hostname: host, port } = new URL(`http://${process.env.PUBSUB_EMULATOR_HOST || '127.0.0.1:1'}`);
const emulator = { host, port: Number(port) };

describeWithPubSub("PubsubBus on Google's Pub/Sub emulator", () => {
  describe('as a bus', () => {
    specifyBus(async () => {
      const opened = await openEmulatorBus(emulator);
      return { ...opened, bus: opened.connect({}) };
    });
  });

  describe('through outages', () => specifyOutages(() => openEmulatorBus(emulator)));
});
