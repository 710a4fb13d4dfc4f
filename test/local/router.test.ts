import { beforeEach, describe, expect, it } from '@jest/globals';
import { Router, type TrafficTable } from '../../infra/local/proxy/router.ts';
import { SeededRandom } from '../../infra/local/seeded-random.ts';

const atOnce = { propagationMs: 0, tagLagMs: 0 };
const requests = 1_000;

const table = (split: Record<string, number>, tags: Record<string, string> = {}): TrafficTable<string> => ({
  weights: Object.entries(split).map(([target, percent]) => ({ target, percent })),
  tags: new Map(Object.entries(tags)),
});

describe('Router', () => {
  let nowMs: number;
  let router: Router<string>;
  const share = (target: string) => {
    const answers = Array.from({ length: requests }, () => router.route('shop', undefined));
    return answers.filter((answer) => answer === target).length / requests;
  };

  beforeEach(() => {
    nowMs = 0;
    router = new Router(new SeededRandom(1), () => nowMs);
  });

  it('splits traffic by percent', () => {
    router.publish('shop', table({ old: 80, new: 20 }), atOnce);
    expect(share('old')).toBeCloseTo(0.8, 1);
    expect(share('new')).toBeCloseTo(0.2, 1);
  });

  it('sends nothing to a target without percent', () => {
    router.publish('shop', table({ old: 0, new: 100 }), atOnce);
    expect(share('new')).toBe(1);
  });

  it('mixes old and new answers while a change spreads, ever more of them new', () => {
    router.publish('shop', table({ old: 100 }), atOnce);
    router.publish('shop', table({ new: 100 }), { propagationMs: 4_000, tagLagMs: 0 });
    nowMs = 1_000;
    expect(share('new')).toBeCloseTo(0.25, 1);
    nowMs = 3_000;
    expect(share('new')).toBeCloseTo(0.75, 1);
    nowMs = 4_000;
    expect(share('new')).toBe(1);
  });

  it('does not know a fresh tag for a moment', () => {
    router.publish('shop', table({ old: 100 }), atOnce);
    router.publish('shop', table({ old: 100 }, { canary: 'new' }), { propagationMs: 0, tagLagMs: 500 });
    expect(router.route('shop', 'canary')).toBeUndefined();
    nowMs = 500;
    expect(router.route('shop', 'canary')).toBe('new');
  });

  it('keeps a tag that it knew through later changes', () => {
    router.publish('shop', table({ old: 100 }, { canary: 'new' }), atOnce);
    router.publish('shop', table({ new: 100 }, { canary: 'new' }), { propagationMs: 500, tagLagMs: 500 });
    expect(router.route('shop', 'canary')).toBe('new');
  });

  it('repeats its choices with the same seed', () => {
    const choices = () => {
      const repeated = new Router<string>(new SeededRandom(3), () => nowMs);
      repeated.publish('shop', table({ old: 50, new: 50 }), atOnce);
      return Array.from({ length: 50 }, () => repeated.route('shop', undefined));
    };
    expect(choices()).toEqual(choices());
  });

  it('knows no service that was never published, or was removed', () => {
    router.publish('shop', table({ old: 100 }), atOnce);
    router.remove('shop');
    expect(router.route('shop', undefined)).toBeUndefined();
    expect(router.route('other', undefined)).toBeUndefined();
  });
});
