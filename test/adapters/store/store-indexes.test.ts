import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { RunIdSchema } from '../../../shared/contracts/id-schemas.ts';
import * as records from '../../../shared/contracts/records.ts';

const Field = z.strictObject({ fieldPath: z.string(), order: z.enum(['ASCENDING', 'DESCENDING']) });
const Indexes = z.strictObject({
  indexes: z.array(
    z.strictObject({
      collectionGroup: z.string(),
      queryScope: z.literal('COLLECTION'),
      fields: z.array(Field).min(2),
    }),
  ),
  fieldOverrides: z.array(
    z.strictObject({ collectionGroup: z.string(), fieldPath: z.string(), indexes: z.array(z.never()) }),
  ),
});

const file = join(import.meta.dirname, '../../../infra/firestore.indexes.json');
const { indexes, fieldOverrides } = Indexes.parse(JSON.parse(readFileSync(file, 'utf8')));

const aRunId = RunIdSchema.parse('0'.repeat(20));

/** By the last part of their path, as indexes name them; one name may stand for records of several kinds. */
const collections = Map.groupBy(
  [
    records.configs,
    records.audits,
    records.scans,
    records.builds,
    records.rejections,
    records.services,
    records.runs,
    records.healthOf(aRunId),
    records.decisions,
    records.cancelled,
    records.outbox,
    records.intents,
    records.planHeadOf(aRunId),
    records.planChunksOf(aRunId),
    records.claimsOf(aRunId),
    records.shardsOf(aRunId),
    records.slotsOf(aRunId),
    records.failuresOf(aRunId),
    records.groupFindings,
    records.jobsOf(aRunId),
    records.jobReportsOf(aRunId),
    records.jobListsOf(aRunId),
    records.testHistories,
    records.notices,
    records.issues,
    records.runsOfIssue(''),
  ],
  ({ path }) => path.split('/').at(-1),
);
const hasField = (collection: string, field: string) =>
  (collections.get(collection) ?? []).some(
    ({ schema }) => schema instanceof z.ZodObject && Object.hasOwn(schema.shape, field),
  );

describe('infra/firestore.indexes.json', () => {
  it('names only fields that records have', () => {
    const named = [
      ...indexes.flatMap(({ collectionGroup, fields }) =>
        fields.map((f) => [collectionGroup, f.fieldPath] as const),
      ),
      ...fieldOverrides.map(({ collectionGroup, fieldPath }) => [collectionGroup, fieldPath] as const),
    ];
    expect(named.filter(([collection, field]) => !hasField(collection, field))).toEqual([]);
  });

  it('exempts no field from indexing that an index names', () => {
    const exempt = new Set(
      fieldOverrides.map(({ collectionGroup, fieldPath }) => `${collectionGroup}.${fieldPath}`),
    );
    const used = indexes.flatMap(({ collectionGroup, fields }) =>
      fields.map((f) => `${collectionGroup}.${f.fieldPath}`),
    );
    expect(used.filter((field) => exempt.has(field))).toEqual([]);
  });
});
