import { diagnoseIncident } from '../../../shared/domain/diagnosis/diagnose-incident.ts';
import type { Evidence } from '../../../shared/domain/diagnosis/evidence.ts';
import { ruleLines } from '../../domain/diagnosis/rule-lines.ts';
import type { Bench } from '../bench.ts';

const entries = 5_000;
const times = 9;

/** Lines that no other line repeats; every third one is a message that rules know. */
const texts: readonly ((n: number) => string)[] = [
  (n) =>
    `2026-03-02T10:00:00.${n}Z INFO [app.module.${n}] request ${n * 7} of user ${n % 97} was handled in ${n % 300} ms`,
  (n) => `  File "/srv/app/part_${n % 50}.py", line ${n}, in handler_${n}`,
  (n) =>
    `redis.exceptions.ConnectionError: Error 110 connecting to 10.0.${n % 250}.3:6379. Connection timed out.`,
];

const words = [...new Set(ruleLines.flatMap(([, , line]) => line.split(' ')))];

/** Words of the lines that rules know, in another order each time: the hardest for what looks before rules are asked. */
function mixedLine(n: number): string {
  return Array.from({ length: 12 }, (_, k) => words[(n * 7_919 + k * 104_729) % words.length]).join(' ');
}

/** What it takes to diagnose a run from many log entries. */
export const diagnosing: Bench = {
  title: `a diagnosis from ${entries} log entries`,
  async run() {
    const [first = 0, ...further] = timesFor((n) => texts[n % texts.length]?.(n) ?? '');
    return [
      { what: 'the first one of a process', values: [first], unit: 'ms' },
      { what: 'each further one', values: further, unit: 'ms', aim: 50 },
      { what: 'each one of mixed words', values: timesFor(mixedLine).slice(1), unit: 'ms' },
    ];
  },
};

function timesFor(textOf: (n: number) => string): readonly number[] {
  const evidence = Array.from(
    { length: entries },
    (_, n): Evidence => ({ ref: `log:${n}`, source: 'output', severity: 'ERROR', text: textOf(n) }),
  );
  return Array.from({ length: times }, () => {
    const before = process.cpuUsage();
    diagnoseIncident({ evidence });
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
}
