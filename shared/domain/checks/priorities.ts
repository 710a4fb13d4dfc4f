/** The priorities of suites; each has a gate of its own. */
export const priorities = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6'] as const;
export type Priority = (typeof priorities)[number];
