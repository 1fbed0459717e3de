/** y = W x + b in plain float64, row-major: weights [outputs, inputs], bias [outputs], x [rows, inputs], y [rows, outputs]. */
export function matrixTimes(
  weights: Float64Array,
  bias: Float64Array,
  x: Float64Array,
  rows: number,
): Float64Array {
  const outputs = bias.length;
  const inputs = weights.length / outputs;
  const y = new Float64Array(rows * outputs);
  for (let n = 0; n < rows; n++) {
    for (let o = 0; o < outputs; o++) {
      let sum = bias[o]!;
      for (let i = 0; i < inputs; i++) sum += weights[o * inputs + i]! * x[n * inputs + i]!;
      y[n * outputs + o] = sum;
    }
  }
  return y;
}
