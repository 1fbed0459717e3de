// The kernels for one kind of processor: compiled once for each, with its flags, VECTOR_LANES and BUILD, its name. Everything is in an
// unnamed namespace: the linker must never take an inline function of one build for that of another.
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif
#include <stdint.h>
#include <type_traits>
#include <utility>

#include "addon.h"

// With 32 registers more of the block fits: 4×5 accumulators and the operands.
#if VECTOR_LANES != 8
#define BLOCK_ROWS 4
#define BLOCK_VECTORS 5
#else
#define BLOCK_ROWS 4
#define BLOCK_VECTORS 3
#endif

namespace {
#include "kernels.cpp"

template <class T> struct Argument {
  static T from(double value, char *) { return (T)value; }
};
template <class T> struct Argument<T *> {
  static T *from(double value, char *memory) { return value == 0 ? nullptr : (T *)(memory + (int64_t)value); }
};

template <auto FUNCTION> struct Caller;
template <class R, class... A, R (*FUNCTION)(A...)> struct Caller<FUNCTION> {
  template <size_t... I> static double with(const double *arguments, char *memory, std::index_sequence<I...>) {
    if constexpr (std::is_same_v<R, double>) return FUNCTION(Argument<A>::from(arguments[I], memory)...);
    else return FUNCTION(Argument<A>::from(arguments[I], memory)...), 0.;
  }
  static double call(const double *arguments, char *memory) {
    return with(arguments, memory, std::index_sequence_for<A...>{});
  }
};
#define KERNEL(name, function) {#name, Caller<function>::call}

const Kernel kernels[] = {
    KERNEL(gatherRows, exportGatherRows),
    KERNEL(transpose, exportTranspose),
    KERNEL(fillNormal, exportFillNormal),
    KERNEL(imputeForward, exportImputeForward),
    KERNEL(imputeBackward, exportImputeBackward),
    KERNEL(missingForward, exportMissingForward),
    KERNEL(linearForward, exportLinearForward),
    KERNEL(linearBackward, exportLinearBackward),
    KERNEL(variationalForward, exportVariationalForward),
    KERNEL(variationalBackward, exportVariationalBackward),
    KERNEL(tanhForward, exportTanhForward),
    KERNEL(tanhBackward, exportTanhBackward),
    KERNEL(reluForward, exportReluForward),
    KERNEL(reluBackward, exportReluBackward),
    KERNEL(gruForward, exportGruForward),
    KERNEL(gruBackward, exportGruBackward),
    KERNEL(convolutionForward, exportConvolutionForward),
    KERNEL(convolutionBackward, exportConvolutionBackward),
    KERNEL(appendConstants, exportAppendConstants),
    KERNEL(mixtureLoss, exportMixtureLoss),
    KERNEL(boundedMixtureLoss, exportBoundedMixtureLoss),
    KERNEL(mixtureLogDensity, exportMixtureLogDensity),
    KERNEL(logisticLoss, exportLogisticLoss),
    KERNEL(variances, exportVariances),
    KERNEL(gaussianKl, exportGaussianKl),
    KERNEL(squaredNorm, exportSquaredNorm),
    KERNEL(adamStep, exportAdamStep),
    KERNEL(averageStep, exportAverageStep),
};
} // namespace

#define JOINED(a, b) a##b
#define TABLE(build) JOINED(kernels_, build)
#define QUOTED(a) #a
#define TEXT(a) QUOTED(a)
extern const KernelBuild TABLE(BUILD);
const KernelBuild TABLE(BUILD) = {TEXT(BUILD), LANES, sizeof(kernels) / sizeof(kernels[0]), kernels};
