#!/usr/bin/env bash
# Runs clang-tidy with the checks of .clang-tidy over the C++ files of the compiler: half an hour for all of them.
#
#   scripts/lint.sh             all
#   scripts/lint.sh lib/Target  those whose paths begin so
source "$(dirname "$0")/setup.sh"

install_build_packages
install_packages clang-tidy-22 python3
build # generated headers have to be there

# The runtime's C names follow C's customs.
run-clang-tidy-22 -p build -quiet -j2 -header-filter="^$PWD/((dialects|include|lib|tools)/|runtime/.*\.hpp)" \
  "^$PWD/${1:-(dialects|lib|tools)/}.*\.cpp$"
