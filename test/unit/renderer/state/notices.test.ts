import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../main/contract/errors.ts';
import { Notices } from '../../../../renderer/state/notices.svelte.ts';

describe('notices', () => {
  it('shows a fault once, until it is dismissed, and nothing about what was cancelled', () => {
    const notices = new Notices();
    notices.fail(new AppError('internal', 'It broke.', { remedy: 'Report it.' }));
    notices.fail(new AppError('internal', 'It broke.', { remedy: 'Report it.' }));
    notices.fail(new AppError('cancelled', 'Stopped.', { remedy: '' }));
    expect(notices.list.map((n) => n.message)).toEqual(['It broke.']);
    notices.dismiss(notices.list[0]!.id);
    expect(notices.list).toEqual([]);
  });
});
