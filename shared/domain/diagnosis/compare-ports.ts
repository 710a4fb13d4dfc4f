import type { Sign } from './find-signs.ts';
import type { Line } from './lines-of.ts';
import type { Rule } from './rule.ts';

const wanted =
  /\bPORT=(\d{2,5})\b|\bon port (\d{2,5})\b(?=.{0,60}(?:instance was not started|DEADLINE_EXCEEDED))/;
const taken =
  /(?:listening|running|serving|started|bound|ready|available)\b.{0,40}?(?:port[ :=]*|:)(\d{2,5})\b|--(?:port|bind|listen|address)[ =]\S*?:?(\d{2,5})\b|\bEXPOSE (\d{2,5})\b/i;

const rule: Rule = {
  name: 'port-differs',
  layer: 'cause',
  means: 'port-not-listening/startup-timeout',
  weight: 82,
  pattern: taken.source,
  says: '',
  source: 'cloud.google.com/run/docs/container-contract#port',
};

/** The process says that it listens on a port, and Cloud Run waited for another. */
export function comparePorts(lines: readonly Line[]): readonly Sign[] {
  const expected = lines.map(({ text }) => portIn(wanted, text)).find((port) => port !== undefined);
  if (expected === undefined) return [];
  return lines.flatMap((line, place) => {
    const port = portIn(taken, line.text.replace(wanted, ''));
    if (port === undefined || port === expected) return [];
    const says = `the process was set up for port ${port}, and Cloud Run waited for port ${expected}`;
    return [{ rule, line, says, weight: rule.weight, place }];
  });
}

function portIn(pattern: RegExp, text: string): string | undefined {
  return pattern
    .exec(text)
    ?.slice(1)
    .find((group) => group !== undefined);
}
