import type { Bench, Figure } from '../bench.ts';
import { measureResults, type ReportText } from '../measure-results.ts';
import { repeat } from '../repeat.ts';

const mega = 1_000_000;
const times = 3;
const line = 'The quick brown fox jumps over the lazy dog, and says so.\n';

const junit: ReportText = {
  file: 'big.xml',
  head: '<testsuites><testsuite name="shop">\n',
  oneCase: (i) =>
    `<testcase classname="shop.Cart${i % 50}" name="adds item ${i}" time="0.01"><system-out>${line.repeat(3)}</system-out></testcase>\n`,
  tail: '</testsuite></testsuites>',
};

/** The most that is read of it is 16 MiB. */
const ctrf: ReportText = {
  file: 'big.json',
  head: '{"reportFormat":"CTRF","specVersion":"0.0.0","results":{"tool":{"name":"shop"},"tests":[\n',
  oneCase: (i) =>
    `${i === 0 ? '' : ','}${JSON.stringify({ name: `adds item ${i}`, status: 'passed', duration: 10, suite: ['shop'], stdout: [line.repeat(3)] })}\n`,
  tail: '],"summary":{"tests":0,"passed":0,"failed":0,"pending":0,"skipped":0,"other":0,"start":0,"stop":0}}}',
};

/** What reading a large report takes, as a process with nothing else to do. */
export const resultsMemory: Bench = {
  title: 'deploy-loop results on a large report, as a process',
  async run() {
    return [...(await measure('JUnit XML', junit, 100, 150)), ...(await measure('CTRF', ctrf, 16))];
  },
};

async function measure(
  kind: string,
  report: ReportText,
  megabytes: number,
  aim?: number,
): Promise<readonly Figure[]> {
  const runs = await repeat(times, () => measureResults(report, megabytes * mega));
  const name = `${kind} of ${megabytes} MB`;
  return [
    {
      what: `${name}: most memory`,
      values: runs.map(({ peakMiB }) => peakMiB),
      unit: 'MiB',
      ...(aim !== undefined && { aim }),
    },
    { what: `${name}: start → end of the process`, values: runs.map(({ ms }) => ms), unit: 'ms' },
  ];
}
