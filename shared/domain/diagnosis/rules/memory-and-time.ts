import { platformOnly, type Rule } from '../rule.ts';

const oom = 'out-of-memory';

/** Limits of memory and time. */
export const memoryAndTimeRules: readonly Rule[] = [
  {
    name: 'memory-limit',
    layer: 'cause',
    means: oom,
    weight: 96,
    pattern: String.raw`Memory limit of (\d+ ?\w+) exceeded with (\d+ ?\w+) used`,
    says: 'the instance used $2 of memory, and its limit is $1',
    from: platformOnly,
    source: 'run.googleapis.com/varlog/system',
  },
  {
    name: 'too-much-memory',
    layer: 'cause',
    means: oom,
    weight: 92,
    pattern:
      '(?i)using too much memory and was terminated|exceeded (?:the |its )?memory limit|memory limit (?:was )?exceeded',
    says: 'the instance was ended since it used too much memory',
    from: platformOnly,
    source: 'run.googleapis.com/requests',
  },
  {
    name: 'runtime-memory',
    layer: 'cause',
    means: oom,
    weight: 90,
    pattern: String.raw`(?i)heap out of memory|heap limit|java\.lang\.OutOfMemoryError|OutOfMemoryException|fatal error: (?:runtime: )?out of memory|\bMemoryError\b|std::bad_alloc|Cannot allocate memory|ENOMEM|Allowed memory size of \d+ bytes exhausted|memory allocation of \d+ bytes failed|NoMemoryError|Unable to allocate [\d.]+ .iB|insufficient memory for the Java Runtime|CUDA out of memory|Worker .{0,40}ran out of memory`,
    says: 'the runtime had no memory left: $0',
    source: 'V8, JVM, CPython, Go, PHP',
  },
  {
    name: 'killed',
    layer: 'cause',
    means: oom,
    weight: 80,
    pattern: String.raw`(?i)Perhaps out of memory|oom[- ]?kill|OOMKilled|out of memory\b|memory (?:leak|exhaust\w*|pressure)|(?:ran|running) out of memory|exceed\w* .{0,20}memory|Out of memory: Kill|Killed process \d+|\bOOM\b`,
    says: 'the process was killed for lack of memory: $0',
    source: 'gunicorn, Linux',
  },
  {
    name: 'signal-9',
    layer: 'cause',
    means: oom,
    weight: 60,
    pattern: String.raw`(?i)terminated on signal 9|Uncaught signal: 9|\bSIGKILL\b|exit(?:ed)? (?:with )?(?:code|status)?[ (:]*137`,
    says: 'the process was killed (signal 9), mostly for lack of memory',
    source: 'run.googleapis.com/varlog/system',
  },
  {
    name: 'disk',
    layer: 'cause',
    means: oom,
    weight: 76,
    pattern: '(?i)No space left on device|ENOSPC',
    says: 'the file system, which lives in memory on Cloud Run, was full',
    source: 'cloud.google.com/run/docs/container-contract#filesystem',
  },
  {
    name: 'request-timeout',
    layer: 'cause',
    means: 'request-timeout',
    weight: 86,
    pattern:
      '(?i)reached the maximum request timeout|504 Gateway Time-?out|upstream request timeout|DEADLINE_EXCEEDED: .{0,40}request|(?:http|status|code)?\\W{0,3}504\\b.{0,60}(?:latency|timeout|timed|gateway|deadline)|request .{0,40}(?:exceeded|longer than) .{0,30}(?:timeout|deadline|\\d+ ?s)|ERR_HTTP_REQUEST_TIMEOUT|took longer than the (?:request )?timeout',
    says: 'a request took longer than the request timeout',
    from: platformOnly,
    source: 'run.googleapis.com/requests',
  },
  {
    name: 'time-noticed',
    layer: 'noticed',
    means: 'request-timeout',
    weight: 60,
    pattern: String.raw`(?i)\b504\b|gateway time-?out|requests? (?:time|timed) out|(?:response|request)s? (?:took|takes|hang|hung)`,
    says: 'requests took too long: $0',
    source: 'RFC 9110',
  },
  {
    name: 'worker-timeout',
    layer: 'cause',
    means: 'request-timeout',
    weight: 68,
    pattern: '(?i)WORKER TIMEOUT|worker .{0,20}timed out|SoftTimeLimitExceeded',
    says: 'the server killed a worker that took too long',
    source: 'gunicorn arbiter.py',
  },
];
