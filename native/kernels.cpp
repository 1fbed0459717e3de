// The module's exports: what the training plan calls. In WebAssembly pointers are byte offsets into the module's memory.
#include "bounded-head.h"
#include "heads.h"
#include "layers.h"
#include "optimiser.h"
#include "recurrent.h"

#ifdef __wasm__
#define EXPORT(name) extern "C" __attribute__((export_name(#name), visibility("default"), used))
#else
#define EXPORT(name) static
#endif

EXPORT(gatherRows)
void exportGatherRows(const float *source, int columns, const uint32_t *index, int rows, float *target, int ldTarget) {
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < ldTarget; c++) target[r * ldTarget + c] = c < columns ? source[index[r] * columns + c] : 0.f;
}
EXPORT(transpose)
void exportTranspose(const float *source, int rows, int columns, int ldSource, float *target, int ldTarget) {
  transposeMatrix(source, rows, columns, ldSource, target, ldTarget);
}
EXPORT(fillNormal) void exportFillNormal(int n, Noise *noise, float *out) { fillNormal(n, noise, out); }

EXPORT(imputeForward)
void exportImputeForward(int features, int batch, const float *x, const float *values, float *y) {
  imputeForward(features, batch, x, values, y);
}
EXPORT(imputeBackward)
void exportImputeBackward(int features, int batch, const float *x, const float *dy, float *dvalues) {
  imputeBackward(features, batch, x, dy, dvalues);
}
EXPORT(missingForward) void exportMissingForward(int batch, const float *x, float *y) { missingForward(batch, x, y); }
EXPORT(linearForward)
void exportLinearForward(int outputs, int inputs, int batch, const float *w, const float *bias, const float *x, float *y) {
  linearForward(outputs, inputs, batch, w, bias, x, y);
}
EXPORT(linearBackward)
void exportLinearBackward(int outputs, int inputs, int rows, int batch, const float *w, const float *x, float *xt,
                          const float *dy, float *dw, float *dbias, float *dx) {
  linearBackward(outputs, inputs, rows, batch, w, x, xt, dy, dw, dbias, dx);
}
EXPORT(variationalForward)
void exportVariationalForward(int outputs, int inputs, int rows, int batch, const float *w, const float *v,
                              const float *bias, const float *vbias, const float *x, float *x2, float *y, float *ratio,
                              float *epsilon, Noise *noise) {
  variationalForward(outputs, inputs, rows, batch, w, v, bias, vbias, x, x2, y, ratio, epsilon, noise);
}
EXPORT(variationalBackward)
void exportVariationalBackward(int outputs, int inputs, int rows, int batch, const float *w, const float *v, const float *x,
                               float *x2, float *xt, const float *dy, float *ratio, float *dw, float *dv, float *dbias,
                               float *dvbias, float *dx) {
  variationalBackward(outputs, inputs, rows, batch, w, v, x, x2, xt, dy, ratio, dw, dv, dbias, dvbias, dx);
}
EXPORT(tanhForward) void exportTanhForward(int n, float *y) { tanhForward(n, y); }
EXPORT(tanhBackward) void exportTanhBackward(int n, const float *y, float *dy) { tanhBackward(n, y, dy); }
EXPORT(reluForward) void exportReluForward(int n, float *y) { reluForward(n, y); }
EXPORT(reluBackward) void exportReluBackward(int n, const float *y, float *dy) { reluBackward(n, y, dy); }

EXPORT(gruForward)
void exportGruForward(int units, int channels, int steps, int batch, const float *w, const float *u, const float *bias,
                      const float *x, float *h, float *gates, float *y) {
  gruForward(units, channels, steps, batch, w, u, bias, x, h, gates, y);
}
EXPORT(gruBackward)
void exportGruBackward(int units, int channels, int steps, int rows, int batch, const float *w, const float *u, const float *x,
                       const float *h, const float *gates, float *dh, float *dgates, float *ht, float *xt, float *dw, float *du,
                       float *dbias, float *dx) {
  gruBackward(units, channels, steps, rows, batch, w, u, x, h, gates, dh, dgates, ht, xt, dw, du, dbias, dx);
}
EXPORT(convolutionForward)
void exportConvolutionForward(int channels, int steps, int filters, int kernel, int stride, int batch, const float *w,
                              const float *bias, const float *x, float *y) {
  convolutionForward({channels, steps, filters, kernel, stride}, batch, w, bias, x, y);
}
EXPORT(convolutionBackward)
void exportConvolutionBackward(int channels, int steps, int filters, int kernel, int stride, int rows, int batch, const float *w,
                               const float *x, float *window, float *windowT, const float *dy, float *dw, float *dbias, float *dx) {
  convolutionBackward({channels, steps, filters, kernel, stride}, rows, batch, w, x, window, windowT, dy, dw, dbias, dx);
}
EXPORT(appendConstants)
void exportAppendConstants(int features, int constants, int batch, const float *x, const float *values, float *y) {
  appendConstants(features, constants, batch, x, values, y);
}

EXPORT(mixtureLoss)
double exportMixtureLoss(int dimension, int components, int batch, float scale, const float *y, const float *theta,
                         const float *weights, float *scratch, float *dy) {
  return mixtureLoss(dimension, components, batch, scale, y, theta, weights, scratch, dy);
}
EXPORT(boundedMixtureLoss)
double exportBoundedMixtureLoss(int components, int which, int batch, float scale, const float *y, const float *theta,
                                const float *weights, float *scratch, float *dy) {
  return boundedMixtureLoss(components, which, batch, scale, y, theta, weights, scratch, dy);
}
EXPORT(mixtureLogDensity)
void exportMixtureLogDensity(int components, int which, int batch, const float *y, const float *theta, float *scratch,
                             float *logQ) {
  mixtureLogDensity(components, which, batch, y, theta, scratch, logQ);
}
EXPORT(logisticLoss)
double exportLogisticLoss(int batch, float scale, const float *y, const float *labels, const float *weights, float *dy) {
  return logisticLoss(batch, scale, y, labels, weights, dy);
}

EXPORT(variances) void exportVariances(int n, const float *logSd, float *variance) { variances(n, logSd, variance); }
EXPORT(gaussianKl)
double exportGaussianKl(int n, float scale, const float *mean, const float *logSd, const float *variance, const float *priorMean,
                        const float *priorPrecision, float *dmean, float *dlogSd) {
  return gaussianKl(n, scale, mean, logSd, variance, priorMean, priorPrecision, dmean, dlogSd);
}
EXPORT(squaredNorm) double exportSquaredNorm(int n, const float *g) { return squaredNorm(n, g); }
EXPORT(adamStep)
void exportAdamStep(int n, float *w, const float *gradient, float *m, float *v, float rate, float gradientScale, float beta1,
                    float beta2, float epsilon, float keep) {
  adamStep(n, w, gradient, m, v, rate, gradientScale, beta1, beta2, epsilon, keep);
}
EXPORT(averageStep) void exportAverageStep(int n, const float *w, float *average, float share) {
  averageStep(n, w, average, share);
}
