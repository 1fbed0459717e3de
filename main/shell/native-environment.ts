/**
 * What native libraries read from the environment of the process when they are loaded; a thread's own environment does not
 * reach them. Imported first by everything that may train. CUDA multiplies in full float32 instead of in TensorFloat-32, whose
 * products are wrong in the fourth digit; TensorFlow says warnings and errors only.
 */
process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';
process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '1';
