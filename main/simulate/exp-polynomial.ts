/**
 * e^r for |r| ≤ ln 2/2 as Σ c_k r^k.
 *
 * f32: minimax polynomial of degree 6, relative error 2e-9 before rounding. Degree 5 (error 8e-8) changes a spike count
 * in 200 random parameter sets of the Hodgkin–Huxley model, degree 6 none.
 */
export const expPolynomialF32: readonly number[] = [
  1, 1.000000037738864, 0.500000004714779, 0.16666415414060173, 0.04166635276718818, 0.008375134773524725,
  0.0013941119114003375,
];

/** f64: Taylor polynomial of degree 13; its remainder r¹⁴/14! is 4e-18. */
export const expPolynomialF64: readonly number[] = Array.from({ length: 14 }, (_, k) => {
  let factorial = 1;
  for (let i = 2; i <= k; i++) factorial *= i;
  return 1 / factorial;
});
