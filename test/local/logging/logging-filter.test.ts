import { describe, expect, it } from '@jest/globals';
import { parseFilter } from '../../../infra/local/logging/filter/parse-filter.ts';
import type { LogRecord } from '../../../infra/local/logging/log-record.ts';

const record: LogRecord = {
  logName: 'projects/local-project/logs/run.googleapis.com%2Frequests',
  resource: { type: 'cloud_run_revision', labels: { service_name: 'shop', revision_name: 'shop-00001-abc' } },
  timestamp: new Date('2026-11-05T10:00:00.250Z'),
  receiveTimestamp: new Date('2026-11-05T10:00:02Z'),
  severity: 'ERROR',
  insertId: 'abc-1',
  labels: { 'run.googleapis.com/kind': 'canary', attempts: '3' },
  httpRequest: {
    requestMethod: 'GET',
    requestUrl: 'http://shop.localhost/health',
    status: 503,
    userAgent: 'deploy-loop/1',
    latency: 1_500,
  },
  textPayload: 'The request failed because "x" broke',
  jsonPayload: { worker: { id: 7, ok: true }, list: [1] },
};

describe('a filter of log entries', () => {
  it.each([
    '',
    '  -- nothing but a comment',
    'resource.type="cloud_run_revision"',
    'resource.type=cloud_run_revision',
    'resource.labels.service_name="SHOP"',
    'labels."run.googleapis.com/kind"="canary"',
    'log_id("run.googleapis.com/requests")',
    'logName="projects/local-project/logs/run.googleapis.com%2Frequests"',
    'logName:requests',
    'severity=ERROR',
    'severity>=warning',
    'severity<"CRITICAL"',
    'severity>400',
    'httpRequest.status>=500',
    'httpRequest.status = (502 OR 503)',
    'httpRequest.latency>="1.5s"',
    'httpRequest.latency<2s',
    'httpRequest.userAgent!="curl"',
    'timestamp>="2026-11-05T10:00:00.250Z" AND timestamp<"2026-11-05T10:00:00.251Z"',
    'timestamp>"2026-11-05T11:00:00+01:00"',
    'timestamp>2026-11-05',
    'textPayload:"\\"x\\""',
    'textPayload:*',
    'jsonPayload.worker.id=7',
    'jsonPayload.worker.id>6.5',
    'jsonPayload.worker.ok=true',
    'NOT trace:*',
    'NOT resource.labels.location="x"',
    'resource.type="cloud_run_revision"\nhttpRequest.status=503 -- on two lines',
    'insertId="abc-1" OR insertId="no" AND severity=ERROR',
    '(insertId="no" AND severity=ERROR) OR insertId="abc-1"',
    'NOT (insertId="no" OR severity=INFO)',
  ])('%s means the entry', (filter) => {
    expect(parseFilter(filter)(record)).toBe(true);
  });

  it.each([
    'severity<ERROR',
    'severity!=ERROR',
    'httpRequest.status<500',
    'httpRequest.status!=503',
    'httpRequest.latency>2s',
    'timestamp<"2026-11-05T10:00:00.250Z"',
    'textPayload="The request failed"',
    'trace:*',
    'trace="x"',
    'trace!="x"',
    'resource.labels.location="x"',
    'resource.labels="shop"',
    'jsonPayload.worker.id=8',
    'jsonPayload.worker.id=seven',
    'log_id("run.googleapis.com/stdout")',
    'NOT severity=ERROR',
    // OR binds closer than AND.
    'insertId="no" AND severity=ERROR OR insertId="abc-1"',
    'resource.labels.service_name=("shop" AND "other")',
  ])('%s does not mean the entry', (filter) => {
    expect(parseFilter(filter)(record)).toBe(false);
  });

  it.each([
    ['severity>=', 'Unparseable filter: a value expected, not the end; at line 1, column 11'],
    ['(severity=ERROR', 'Unparseable filter: unexpected the end; at line 1, column 16'],
    ['severity=ERROR)', 'Unparseable filter: unexpected ); at line 1, column 15'],
    ['AND severity=ERROR', 'Unparseable filter: unexpected AND; at line 1, column 1'],
    ['severity=ERROR\nOR', 'Unparseable filter: unexpected the end; at line 2, column 3'],
    ['severity="ERROR', 'Unparseable filter: unexpected "; at line 1, column 10'],
    ['textPayload="\\q"', 'Unparseable filter: a string with an unknown escape; at line 1, column 13'],
    [
      '"anything"',
      'Unparseable filter: a search of all fields is not known here: "anything"; at line 1, column 1',
    ],
    [
      'textPayload=~"a.*"',
      'Unparseable filter: regular expressions are not known here: textPayload=~; at line 1, column 1',
    ],
    [
      'SEARCH("x")',
      'Unparseable filter: only log_id("…") can be called here, not SEARCH; at line 1, column 1',
    ],
    ['colour="red"', "Field not found: 'colour'."],
    ['severity=LOUD', "filter: severity cannot be compared with 'LOUD'."],
    ['timestamp>"yesterday"', "filter: timestamp cannot be compared with 'yesterday'."],
    ['httpRequest.status="many"', "filter: httpRequest.status cannot be compared with 'many'."],
    ['httpRequest.latency>2', "filter: httpRequest.latency cannot be compared with '2'."],
    ['httpRequest.status=(>=500)', 'Unparseable filter: a value expected, not >=; at line 1, column 21'],
  ])('%s is refused, with what is wrong and where', (filter, message) => {
    expect(() => parseFilter(filter)).toThrow(expect.objectContaining({ code: 3, message }));
  });

  it('may have 20,000 characters', () => {
    const filter = (length: number) => 'NOT '.repeat(length / 4 - 4).padEnd(length, 'severity=DEFAULT');
    expect(filter(20_000)).toHaveLength(20_000);
    expect(parseFilter(filter(20_000))(record)).toBe(false);
    expect(() => parseFilter(`${filter(20_000)} `)).toThrow('filter: longer than 20000 characters');
  });
});
