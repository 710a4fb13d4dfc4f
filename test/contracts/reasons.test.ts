import { describe, expect, it } from '@jest/globals';
import { ReasonRecord } from '../../shared/contracts/records/shapes.ts';
import { reasonCodes } from '../../shared/domain/verdict.ts';

describe('a stored reason', () => {
  it.each(reasonCodes)('%s is read as it is', (code) => {
    expect(ReasonRecord.parse({ code, text: 'why' })).toEqual({ code, text: 'why' });
  });

  it('that a newer version has recorded is read with its text', () => {
    const stored = { code: 'eclipse', text: 'the moon was in the way' };
    expect(ReasonRecord.parse(stored)).toEqual({ code: 'other', text: 'the moon was in the way' });
  });
});

describe('the codes of reasons', () => {
  it('are each there once', () => {
    expect(reasonCodes.toSorted()).toEqual([...new Set(reasonCodes)].toSorted());
  });
});
