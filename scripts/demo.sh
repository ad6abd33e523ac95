#!/usr/bin/env bash
# Installs what is missing, builds tflc, and builds and runs examples/mnist: digits classified by a float and
# an int8 model, in C and in C++.
source "$(dirname "$0")/setup.sh"

install_build_packages
build tflc tflc_library

# As after `cmake --install build`: the example finds the compiler by its CMake package.
cmake --install build --prefix build/installed >/dev/null
work=build/demo
cmake -G Ninja -S examples/mnist -B "$work" -DCMAKE_PREFIX_PATH="$PWD/build/installed" >/dev/null
ninja -C "$work" >/dev/null
echo
for model in mnist_float32 mnist_int8; do
  printf '%-14s archive of %s bytes\n' $model "$(stat -c %s "$work/$model/lib$model.a")"
done
cd "$work"
echo
echo "typed functions (mnist.c)"
./mnist
echo
echo "interpreter-like class (mnist.cpp)"
./mnist_cpp
