/** Views of one round's posterior, computed from the estimate itself; arrays cross the transports as they are. */

export interface MarginalView {
  name: string;
  /** The prior's range (or its central 99.8 %), in the parameter's unit. */
  low: number;
  high: number;
  /** Inferred and drawn by its logarithm, as its prior is log-uniform or log-normal. */
  logarithmic: boolean;
  /**
   * [n] grid in the parameter's unit, even on its axis, and densities of the posterior inside the prior's support and of the prior:
   * per unit, of a logarithmic one per e-fold (of ln θ).
   */
  grid: Float64Array;
  density: Float64Array;
  priorDensity: Float64Array;
  median: number;
  q05: number;
  q95: number;
  map: number;
}

export interface PairView {
  /** Parameter indices: column (x axis) and row (y axis), column > row … the upper triangle. */
  x: number;
  y: number;
  size: number;
  /** [size, size] row-major on both axes, y rows from low to high; density normalised to a maximum of 1. */
  density: Float32Array;
  /** Levels (in the same scale) whose super-level sets hold 50 % and 90 % of the mass. */
  level50: number;
  level90: number;
  correlation: number;
}

export interface PosteriorView {
  run: string;
  round: number;
  acceptance: number;
  marginals: MarginalView[];
  pairs: PairView[];
  /**
   * Of a search, which has no posterior: its hall of fame after this round, [n, D], the best first. The marginals' densities
   * are then empty, their quantiles are the hall of fame's and their map is the best set's; there are no pairs. Else null.
   */
  hallOfFame: Float64Array | null;
}

/** The hall of fame of a finished search for the parameters of another run, on the same data and with the same model. */
export interface HallOfFame {
  /** The search's run and its name. */
  id: string;
  name: string;
  /** [n, D], the best first, the parameters in the order of the run that was asked for. */
  points: Float64Array;
}

/** The posterior of the free parameters where others are held at a value. */
export interface ConditionalView {
  run: string;
  round: number;
  /** In the parameters' own units. */
  fixed: { parameter: number; value: number }[];
  /** One for each free parameter; grid and density as in MarginalView. */
  marginals: (Omit<MarginalView, 'priorDensity' | 'map'> & { parameter: number })[];
  /** Of every two free parameters. */
  pairs: PairView[];
}

export interface PredictiveView {
  run: string;
  round: number;
  /** [points] common time axis; decimated pairwise as TraceView */
  timeMs: Float32Array;
  observedMinMv: Float32Array;
  observedMaxMv: Float32Array;
  /** µA/cm² as the model received it, same axis */
  currentDensity: Float32Array;
  /** One entry a draw; the first is the MAP. */
  draws: { minMv: Float32Array; maxMv: Float32Array }[];
  /** Features of simulations at prior and posterior draws against the observed; NaN = missing. */
  features: {
    name: string;
    unit: string;
    observed: number | null;
    prior: Float64Array;
    posterior: Float64Array;
  }[];
}
