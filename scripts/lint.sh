#!/usr/bin/env bash
# Runs clang-tidy with the checks of .clang-tidy over all C++ files of the compiler, or over those whose paths match.
#
#   scripts/lint.sh             all
#   scripts/lint.sh lib/Target  a part
source "$(dirname "$0")/setup.sh"

install_build_packages
install_packages clang-tidy-22 python3
# Generated headers have to be there.
build

run-clang-tidy-22 -p build -quiet -j2 -header-filter="^$PWD/(dialects|include|lib|runtime|tools)/" \
  "^$PWD/${1:-(dialects|lib|tools)/}.*\.cpp$"
