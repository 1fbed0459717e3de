#!/usr/bin/env bash
# Makes a tfjs-node that runs on a real TensorFlow, for tests: the C library comes out of the TensorFlow wheel of PyPI (it exports the
# whole C API and needs no Python), the binding is compiled from the npm package's source. It is the binding of tfjs-node-gpu too: only the
# library differs. Never part of the product.
# Usage: tensorflow.sh FOLDER      (900 MB there; needs npm, pip, unzip and g++). A folder that is complete stays as it is.
set -euo pipefail
mkdir -p "$1"
cd "$1"
[ ! -f complete ] || exit 0
rm -rf node_modules wheel ./*.whl
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts @tensorflow/tfjs-node@4.22.0 node-api-headers@1.9.0
python3 -m pip download -q --no-deps --python-version 311 --platform manylinux2014_x86_64 --only-binary=:all: -d . tensorflow-cpu==2.15.1
unzip -q -o tensorflow_cpu-*.whl 'tensorflow/lib*' 'tensorflow/include/tensorflow/*' 'tensorflow/include/tsl/*' 'tensorflow/include/absl/*' -d wheel
rm -f ./*.whl
package=node_modules/@tensorflow/tfjs-node
mkdir -p "$package/deps/lib" "$package/lib/napi-v8"
for name in cc:tensorflow framework:tensorflow_framework; do
  ln -sf "$PWD/wheel/tensorflow/libtensorflow_${name%%:*}.so.2" "$package/deps/lib/"
  ln -sf "libtensorflow_${name%%:*}.so.2" "$package/deps/lib/lib${name##*:}.so"
done
g++ -O1 -std=c++17 -shared -fPIC -w -DNAPI_VERSION=8 -DBUILDING_NODE_EXTENSION -I "$package" -I node_modules/node-api-headers/include \
  -I wheel/tensorflow/include "$package/binding/tfjs_backend.cc" "$package/binding/tfjs_binding.cc" \
  -o "$package/lib/napi-v8/tfjs_binding.node" -L "$package/deps/lib" -ltensorflow -ltensorflow_framework \
  -Wl,-rpath,'$ORIGIN/../../deps/lib'
touch complete
