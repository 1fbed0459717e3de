import type { Summary } from '../../main/contract/run.ts';

/** The verdict in words, with a mark beside its colour. */
export const verdictWords: Record<
  Summary['diagnostics']['verdict'],
  { title: string; mark: string; kind: 'plain' | 'amber' | 'fault' }
> = {
  trust: { title: 'Trust', mark: '✓', kind: 'plain' },
  'look-closer': { title: 'Look closer', mark: '!', kind: 'amber' },
  'do-not-trust': { title: 'Do not trust', mark: '✕', kind: 'fault' },
};
