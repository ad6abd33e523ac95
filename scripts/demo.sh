#!/usr/bin/env bash
# Installs what is missing, builds tflc, compiles an int8 and a float digit classifier, links each into a
# small C program and runs it over real digits.
source "$(dirname "$0")/setup.sh"

install_build_packages
build tflc

work=build/demo
mkdir -p "$work"
for kind in int8 float32; do
  echo
  echo "== mnist_cnn_$kind"
  build/bin/tflc compile "examples/mnist/mnist_cnn_$kind.tflite" --name=mnist -o "$work/$kind" --emit=obj,header,lib
  cmake -G Ninja -S examples/mnist -B "$work/build-$kind" -DCMAKE_BUILD_TYPE=Release \
    -DMODEL_DIR="$PWD/$work/$kind" >/dev/null
  ninja -C "$work/build-$kind" >/dev/null
  "$work/build-$kind/mnist" examples/mnist
done
