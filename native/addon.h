// One build of the kernels for a kind of processor, as addon.cpp calls it: arguments as float64 numbers, pointers among them as
// byte offsets from `memory` (0 = null), as the WebAssembly builds take them.
#pragma once

struct Kernel {
  const char *name;
  double (*call)(const double *arguments, char *memory);
};
struct KernelBuild {
  const char *name;
  int lanes;
  int count;
  const Kernel *kernels;
};
