#!/usr/bin/env bash
# Checks how the code is written: clang-format and ruff over all files, then clang-tidy with the checks of .clang-tidy over
# the C++ files of the compiler (half an hour for all of them).
#
#   scripts/lint.sh             all
#   scripts/lint.sh --format    without clang-tidy: seconds
#   scripts/lint.sh lib/Target  clang-tidy only over files whose paths begin so
source "$(dirname "$0")/setup.sh"

install_packages clang-format-22
find dialects examples include lib python runtime test tools -regex '.*\.\(c\|cpp\|h\|hpp\)' -not -path '*/build*' \
  -print0 | xargs -0 clang-format-22 --dry-run -Werror
if python_environment && { "$python" -m ruff --version || "$python" -m pip install ruff; } >/dev/null 2>&1; then
  "$python" -m ruff check --quiet .
  "$python" -m ruff format --check --quiet .
else
  echo "ruff cannot be fetched: Python files are not checked" >&2
fi
[ "${1:-}" != --format ] || exit 0

install_build_packages
install_packages clang-tidy-22 python3
build # generated headers have to be there

# The runtime's C names follow C's customs.
run-clang-tidy-22 -p build -quiet -j2 -header-filter="^$PWD/((dialects|include|lib|tools)/|runtime/.*\.hpp)" \
  "^$PWD/${1:-(dialects|lib|tools)/}.*\.cpp$"
