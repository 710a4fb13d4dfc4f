import { answers, type Behaviour } from './fake-cloud.ts';

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
