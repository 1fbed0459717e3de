// The Node-API addon: the same kernels as in WebAssembly for the processor it runs on. It holds no state, so that every thread may load it.
#include <node_api.h>

#include "addon.h"

#if defined(__x86_64__)
extern const KernelBuild kernels_avx2, kernels_avx512;
#elif defined(__aarch64__)
extern const KernelBuild kernels_neon;
#endif

/** The builds that this processor runs, the fastest first. */
static int supported(const KernelBuild **builds) {
  int count = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw"))
    builds[count++] = &kernels_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) builds[count++] = &kernels_avx2;
#elif defined(__aarch64__)
  builds[count++] = &kernels_neon;
#endif
  return count;
}

static const int BUILDS_AT_MOST = 2;

static napi_value text(napi_env env, const char *value) {
  napi_value result;
  napi_create_string_utf8(env, value, NAPI_AUTO_LENGTH, &result);
  return result;
}

static napi_value integer(napi_env env, int value) {
  napi_value result;
  napi_create_int32(env, value, &result);
  return result;
}

/**
 * call(build, kernel, memory): numbers of the build and of its kernel, and the ArrayBuffer that pointers count from. It starts with the
 * arguments as float64; the result takes the place of the first. Reading them there is several times faster than from the call.
 */
static napi_value call(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  size_t count = 3, length = 0;
  int32_t build = -1, kernel = -1;
  void *memory = nullptr;
  const KernelBuild *builds[BUILDS_AT_MOST];
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  if (count < 3 || napi_get_value_int32(env, arguments[0], &build) != napi_ok ||
      napi_get_value_int32(env, arguments[1], &kernel) != napi_ok ||
      napi_get_arraybuffer_info(env, arguments[2], &memory, &length) != napi_ok || length < 256 || build < 0 ||
      build >= supported(builds) || kernel < 0 || kernel >= builds[build]->count) {
    napi_throw_type_error(env, nullptr, "call(build, kernel, memory): there is no such kernel.");
    return nullptr;
  }
  double *values = (double *)memory;
  values[0] = builds[build]->kernels[kernel].call(values, (char *)memory);
  return nullptr;
}

/** { sources, builds: [{ name, lanes, kernels: [name] }], call }; sources is the hash of what it was compiled from. */
NAPI_MODULE_INIT() {
  const KernelBuild *builds[BUILDS_AT_MOST];
  napi_value list, function;
  napi_create_array(env, &list);
  const int count = supported(builds);
  for (int i = 0; i < count; i++) {
    napi_value build, names;
    napi_create_object(env, &build);
    napi_create_array(env, &names);
    for (int k = 0; k < builds[i]->count; k++)
      napi_set_element(env, names, k, text(env, builds[i]->kernels[k].name));
    napi_set_named_property(env, build, "name", text(env, builds[i]->name));
    napi_set_named_property(env, build, "lanes", integer(env, builds[i]->lanes));
    napi_set_named_property(env, build, "kernels", names);
    napi_set_element(env, list, i, build);
  }
  napi_create_function(env, "call", NAPI_AUTO_LENGTH, call, nullptr, &function);
  napi_set_named_property(env, exports, "sources", text(env, SOURCES));
  napi_set_named_property(env, exports, "builds", list);
  napi_set_named_property(env, exports, "call", function);
  return exports;
}
