import TestSequencer from '@jest/test-sequencer';

/** Projects by how long their files take, the longest first. */
const projects = ['deep', 'stack', 'fast'];

/** Without the times of an earlier run Jest begins with the largest file: a long one may be the last, and run alone. */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const rank = ({ context }) => projects.indexOf(context.config.displayName.name);
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
}
