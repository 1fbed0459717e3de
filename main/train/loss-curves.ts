import type { EpochReport, LoopResult } from './training-loop.ts';

/**
 * The losses of the networks of one family, epoch by epoch, added up. A network that has stopped counts with its best weights
 * from then on.
 */
export class LossCurves {
  readonly #losses: number[][];
  readonly #validationLosses: number[][];
  readonly #ended: ({ loss: number; validationLoss: number } | null)[];
  readonly #offset: number;

  /** @param offset added to every sum: what standardised losses differ by from those in the parameters' own units */
  constructor(networks: number, offset: number) {
    this.#losses = Array.from({ length: networks }, () => []);
    this.#validationLosses = Array.from({ length: networks }, () => []);
    this.#ended = Array.from({ length: networks }, () => null);
    this.#offset = offset;
  }

  /** Before a network's first epoch, again where it begins anew on another device. */
  begin(network: number): void {
    this.#losses[network] = [];
    this.#validationLosses[network] = [];
  }

  add(network: number, { loss, validationLoss }: Pick<EpochReport, 'loss' | 'validationLoss'>): void {
    this.#losses[network]!.push(loss);
    this.#validationLosses[network]!.push(validationLoss);
  }

  end(network: number, { loss, validationLoss }: Pick<LoopResult, 'loss' | 'validationLoss'>): void {
    this.#ended[network] = { loss, validationLoss };
  }

  /** Epochs that every network has trained, or ended before. */
  get complete(): number {
    const running = this.#losses.filter((_, i) => this.#ended[i] === null).map(({ length }) => length);
    return running.length > 0 ? Math.min(...running) : this.epochs;
  }

  get epochs(): number {
    return Math.max(...this.#losses.map(({ length }) => length));
  }

  loss(epoch: number): number {
    return this.#sum(this.#losses, epoch, 'loss');
  }

  validationLoss(epoch: number): number {
    return this.#sum(this.#validationLosses, epoch, 'validationLoss');
  }

  /** Of the best weights of all networks, once all have ended. */
  get best(): number {
    return this.#sum(this.#losses, Infinity, 'loss');
  }

  #sum(curves: number[][], epoch: number, key: 'loss' | 'validationLoss'): number {
    const total = curves.reduce((sum, curve, i) => sum + (curve[epoch - 1] ?? this.#ended[i]![key]), 0);
    return total + this.#offset;
  }
}
