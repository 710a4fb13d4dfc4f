import type { ProbeAnswer } from '../../shared/domain/health/probe-answer.ts';
import { answers, type Behaviour } from './fake-cloud.ts';

/** The answer of an app that echoes its `K_REVISION` in the header `x-revision`. */
export function named(revision: string, answer: ProbeAnswer): ProbeAnswer {
  return answer.kind === 'answer'
    ? { ...answer, headers: { ...answer.headers, 'x-revision': revision } }
    : answer;
}

/** Does something when it is probed for the n-th time. */
export function atProbe(n: number, work: () => unknown, behaviour: Behaviour = answers.good): Behaviour {
  let probes = 0;
  return () => {
    if (++probes === n) void work();
    return behaviour();
  };
}

/** Answers well until the n-th probe. */
export function goodUntil(n: number): Behaviour {
  let probes = 0;
  return () => (++probes < n ? answers.good() : answers.unavailable());
}
