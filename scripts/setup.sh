# Sourced by the other scripts: installs what is missing and builds tflc into build/.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# install_packages NAME...: the Debian packages that are not there yet.
install_packages() {
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    echo "installing ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  fi
}

install_build_packages() {
  install_packages ca-certificates cmake ninja-build ccache clang-22 lld-22 llvm-22-dev llvm-22-tools libmlir-22-dev \
    mlir-22-tools flatbuffers-compiler libflatbuffers-dev libjpeg62-turbo-dev libpng-dev libprotobuf-dev protobuf-compiler \
    libhdf5-dev libzip-dev libgtest-dev libzstd-dev zlib1g-dev \
    libedit-dev libcurl4-openssl-dev libc6-dev g++
}

# build TARGET...
build() {
  if [ ! -f build/build.ninja ]; then
    cmake -G Ninja -B build -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_COMPILER=clang-22 \
      -DCMAKE_CXX_COMPILER=clang++-22 >build-configure.log || { cat build-configure.log; exit 1; }
    rm -f build-configure.log
  fi
  ninja -C build "$@" | tail -n 1
}

# python_environment: a Python in build/venv that has what the Python package is built and tested with; false where the
# package registry cannot be reached. TFLC_PYTHON names another one that has it.
python_environment() {
  python=${TFLC_PYTHON:-build/venv/bin/python}
  "$python" -c 'import nanobind, numpy, pytest' 2>/dev/null && return
  [ -z "${TFLC_PYTHON:-}" ] || return
  install_packages python3-venv python3-dev
  /usr/bin/python3 -m venv build/venv && "$python" -m pip install --quiet nanobind numpy pytest hypothesis >build/venv.log 2>&1
}

# build_python: the package in build/python, of the libraries that are built anyway.
build_python() {
  cmake -B build -DTFLC_ENABLE_PYTHON=ON -DPython_EXECUTABLE="$(realpath -s "$python")" >build/configure-python.log
  build tflc_python tflc_python_runtime
}
