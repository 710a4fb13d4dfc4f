import { jest } from '@jest/globals';

// Tests that start processes take long where many others do so too; nothing is asserted by this limit.
jest.setTimeout(60_000);
