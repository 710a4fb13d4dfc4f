// Every kind of document in the database, one file per group.

export * from './records/audit-records.ts';
export * from './records/build-records.ts';
export * from './records/config-records.ts';
export * from './records/control-records.ts';
export * from './records/decision-records.ts';
export * from './records/diagnosis-records.ts';
export * from './records/group-records.ts';
export * from './records/health-records.ts';
export * from './records/job-records.ts';
export * from './records/notice-records.ts';
export * from './records/run-records.ts';
export * from './records/service-records.ts';
export * from './records/test-records.ts';
export * from './records/traffic-records.ts';
