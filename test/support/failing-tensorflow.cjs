/**
 * In place of tfjs-node-gpu: TensorFlow.js in plain JavaScript, and after FAIL_AFTER_PRODUCTS products of matrices the error of a
 * card that has gone.
 */
const { createRequire } = process.getBuiltinModule('node:module');
const tf = createRequire(__filename)('@tensorflow/tfjs');

let left = Number(process.env.FAIL_AFTER_PRODUCTS ?? Infinity);

module.exports = {
  ...tf,
  matMul(...operands) {
    if (--left < 0) throw new Error('CUDA_ERROR_ILLEGAL_ADDRESS');
    return tf.matMul(...operands);
  },
};
