import type { Prevention } from '../../../shared/domain/notices/prevention.ts';
import { fingerprint } from './stories.ts';

export const prevention: Prevention = {
  fingerprint,
  service: 'web',
  title: 'Store shell scripts with LF line ends',
  why: 'The container did not start: the kernel looked for the interpreter /bin/sh\\r, since start.sh has CRLF line ends in the commit. With this rule Git stores it with LF on every machine.',
  changes: [
    { path: '.gitattributes', what: 'new: *.sh text eol=lf' },
    { path: 'start.sh', what: 'line ends CRLF → LF, nothing else' },
  ],
  evidence: [{ ref: 'log:a1', text: 'exec /app/start.sh: no such file or directory' }],
  test: ['git check-attr eol -- start.sh', "! grep -q $'\\r' start.sh"],
  risk: 'A script that needs CRLF would break; none of the changed files is read on Windows by what is in the repository.',
  issue: { number: 12, isSolved: true },
};
