import { randomBytes } from 'node:crypto';
import type { Random } from '../ports/random.ts';

export class SystemRandom implements Random {
  nonce(): string {
    return randomBytes(10).toString('hex');
  }

  fraction(): number {
    return Math.random();
  }
}
