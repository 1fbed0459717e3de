/** What a curve over a run's rounds shows, in words: of an inference the losses of training, of a search its objectives. */
export interface LossWords {
  /** Of the axis. */
  title: string;
  /** Of a point between rounds: an epoch or a generation. */
  step: string;
  /** The value that matters is drawn full, the other dashed. */
  full: { label: string; value: 'loss' | 'validationLoss' };
  dashed: { label: string; value: 'loss' | 'validationLoss' };
}

const training: LossWords = {
  title: 'Loss (nats)',
  step: 'epoch',
  full: { label: 'held-out', value: 'validationLoss' },
  dashed: { label: 'training', value: 'loss' },
};
const search: LossWords = {
  title: 'Sum of objectives',
  step: 'generation',
  full: { label: 'best so far', value: 'loss' },
  dashed: { label: 'median of the population', value: 'validationLoss' },
};

export function lossWords(isSearch: boolean): LossWords {
  return isSearch ? search : training;
}
