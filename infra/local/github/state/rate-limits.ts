/** How many calls are answered. */
export interface Limits {
  /** Of one identity in one window (GitHub: 5,000 in an hour). */
  readonly calls: number;
  readonly windowMs: number;
  /** POST, PATCH, PUT and DELETE of one identity in one minute (GitHub: about 80). */
  readonly writesPerMinute: number;
}

export const githubLimits: Limits = { calls: 5_000, windowMs: 3_600_000, writesPerMinute: 80 };

export interface Allowance {
  readonly exceeded: 'primary' | 'secondary' | undefined;
  /** Sent with every answer, refused or not. */
  readonly headers: Readonly<Record<string, string>>;
}

interface Usage {
  startMs: number;
  calls: number;
  /** Times of writes within the last minute. */
  writes: number[];
}

const minuteMs = 60_000;

/** Counts by identity and by the clock that the server was given. */
export class RateLimits {
  limits: Limits;
  readonly #usage = new Map<string, Usage>();

  constructor(limits: Limits) {
    this.limits = limits;
  }

  take(who: string, isWrite: boolean, now: Date): Allowance {
    const nowMs = now.getTime();
    const usage = this.#current(who, nowMs);
    usage.writes = usage.writes.filter((at) => at > nowMs - minuteMs);
    const isOverPrimary = usage.calls >= this.limits.calls;
    const isOverSecondary = !isOverPrimary && isWrite && usage.writes.length >= this.limits.writesPerMinute;
    if (!isOverPrimary && !isOverSecondary) {
      usage.calls++;
      if (isWrite) usage.writes.push(nowMs);
    }
    const retry = {
      'retry-after': String(Math.ceil(((usage.writes[0] ?? nowMs) + minuteMs - nowMs) / 1_000)),
    };
    return {
      exceeded: isOverPrimary ? 'primary' : isOverSecondary ? 'secondary' : undefined,
      headers: { ...this.#headers(usage), ...(isOverSecondary ? retry : {}) },
    };
  }

  /** An answer of 304 is free. */
  giveBack(who: string): void {
    const usage = this.#usage.get(who);
    if (usage && usage.calls > 0) usage.calls--;
  }

  #current(who: string, nowMs: number): Usage {
    const known = this.#usage.get(who);
    if (known && nowMs < known.startMs + this.limits.windowMs) return known;
    const fresh = { startMs: nowMs, calls: 0, writes: known?.writes ?? [] };
    this.#usage.set(who, fresh);
    return fresh;
  }

  #headers({ calls, startMs }: Usage) {
    return {
      'x-ratelimit-limit': String(this.limits.calls),
      'x-ratelimit-remaining': String(Math.max(0, this.limits.calls - calls)),
      'x-ratelimit-used': String(calls),
      'x-ratelimit-reset': String(Math.ceil((startMs + this.limits.windowMs) / 1_000)),
      'x-ratelimit-resource': 'core',
    };
  }
}
