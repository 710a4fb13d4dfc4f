import { describe, expect, it } from '@jest/globals';
import { applyUpdateMask } from '../../infra/local/run/apply-update-mask.ts';
import { ServiceSpec } from '../../infra/local/run/service-spec.ts';

const current = ServiceSpec.parse({ labels: { a: '1' }, annotations: { note: 'old' }, description: 'old' });
const incoming = ServiceSpec.parse({ labels: { b: '2' }, annotations: { note: 'new', more: 'x' } });

describe('applyUpdateMask', () => {
  it('takes everything without paths, and with a star', () => {
    expect(applyUpdateMask(current, incoming, [])).toEqual(incoming);
    expect(applyUpdateMask(current, incoming, ['*'])).toEqual(incoming);
  });

  it('takes only what the paths name', () => {
    expect(applyUpdateMask(current, incoming, ['annotations'])).toEqual({
      ...current,
      annotations: incoming.annotations,
    });
    expect(applyUpdateMask(current, incoming, ['annotations.note']).annotations).toEqual({ note: 'new' });
  });

  it('removes what is named and absent', () => {
    expect(applyUpdateMask(current, incoming, ['description'])).not.toHaveProperty('description');
  });

  it('knows both spellings of a field', () => {
    const audiences = ServiceSpec.parse({ customAudiences: ['https://shop.example.com'] });
    for (const path of ['custom_audiences', 'customAudiences']) {
      expect(applyUpdateMask(current, audiences, [path]).customAudiences).toEqual(audiences.customAudiences);
    }
  });

  it('refuses what only the platform writes, and leaves the value it was given alone', () => {
    const before = structuredClone(current);
    expect(() => applyUpdateMask(current, incoming, ['labels', 'latest_ready_revision'])).toThrow(
      'latest_ready_revision',
    );
    expect(current).toEqual(before);
  });
});
