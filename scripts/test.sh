#!/usr/bin/env bash
# Builds tflc and runs every suite. The last line adds them all up: "N passed, N failed, N skipped".
#
#   scripts/test.sh            all suites
#   scripts/test.sh --quick    without the recorded sets beside the checkout (../shared)
#   scripts/test.sh --matrix   all suites, and the recorded models at every level on every target of test/matrix.txt (hours)
source "$(dirname "$0")/setup.sh"

quick=false matrix=false
case "${1:-}" in
  '') ;;
  --quick) quick=true ;;
  --matrix) matrix=true ;;
  *) echo "usage: scripts/test.sh [--quick | --matrix]" >&2; exit 2 ;;
esac

install_build_packages
install_packages python3 python3-numpy qemu-user qemu-system-arm gcc-aarch64-linux-gnu gcc-arm-linux-gnueabihf \
  gcc-riscv64-linux-gnu gcc-arm-none-eabi picolibc-arm-none-eabi libc6-dev-arm64-cross libc6-dev-armhf-cross \
  libc6-dev-riscv64-cross
build

passed=0 failed=0 skipped=0
# count NAME PASSED FAILED SKIPPED
count() {
  printf '%-28s %5d passed, %d failed, %d skipped\n' "$1" "$2" "$3" "$4"
  passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
}

echo "== format"
if scripts/lint.sh --format >build/format.log 2>&1; then count format 1 0 0; else tail -n 40 build/format.log; count format 0 1 0; fi

# From lit's own report.
echo "== lit"
/usr/lib/llvm-22/bin/lit -j2 --verbose --xunit-xml-output=build/lit.xml build/test >build/lit.log || true
grep -E '^(FAIL|UNRESOLVED|XPASS|TIMEOUT|UNSUPPORTED):' build/lit.log || true
if grep -qE '^(FAIL|UNRESOLVED|TIMEOUT):' build/lit.log; then tail -n 100 build/lit.log; fi
number() { sed -nE "s/^ *$1 *: *([0-9]+).*/\1/p" build/lit.log | tail -n 1; }
lit_failed=$(( $(number Failed || true)+0 + $(number Unresolved || true)+0 + $(number 'Timed Out' || true)+0 ))
lit_passed=$(( $(number Passed || true)+0 ))
[ "$lit_passed" -gt 0 ] || lit_failed=$((lit_failed + 1)) # no test ran: that is a failure
count lit "$lit_passed" "$lit_failed" $(( $(number Unsupported || true)+0 ))

echo "== unit tests"
(cd build && ctest --output-on-failure) >build/ctest.log || cat build/ctest.log
summary=$(grep -E 'tests? failed out of' build/ctest.log || echo '0% tests passed, 1 tests failed out of 1')
unit_failed=$(sed -E 's/.*, ([0-9]+) tests? failed.*/\1/' <<<"$summary")
unit_total=$(sed -E 's/.*out of ([0-9]+).*/\1/' <<<"$summary")
count 'unit tests' $((unit_total - unit_failed)) "$unit_failed" 0

echo "== Python"
if ! python_environment; then
  echo "SKIPPED Python: nanobind, numpy and pytest are not installed and cannot be fetched"
  skipped=$((skipped + 1))
elif ! build_python; then
  count Python 0 1 0
else
  PYTHONPATH=build/python "$python" -m pytest -q -p no:cacheprovider test/Python >build/python.log 2>&1 || tail -n 60 build/python.log
  outcome=$(tail -n 1 build/python.log)
  number() { grep -oE "[0-9]+ $1" <<<"$outcome" | grep -oE '[0-9]+' || echo 0; }
  python_passed=$(number passed) python_failed=$(($(number failed) + $(number error)))
  [ "$python_passed" -gt 0 ] || python_failed=$((python_failed + 1)) # no test ran: that is a failure
  count Python "$python_passed" "$python_failed" "$(number skipped)"
  echo "== wheels"
  status=0
  scripts/wheel.sh --quick >build/wheels.log 2>&1 || status=$?
  case $status in
    0) count wheels 1 0 0 ;;
    3) tail -n 1 build/wheels.log; count wheels 0 0 1 ;;
    *) tail -n 30 build/wheels.log; count wheels 0 1 0 ;;
  esac
fi

# The large recorded sets, where they lie beside the checkout.
recorded() { # NAME REGEX ARGS...
  local name=$1 only=$2 log
  shift 2
  log=build/recorded-${name//[ \/]/-}.log
  echo "== recorded $name"
  /usr/bin/python3 ../shared/tools/conformance.py --tflc build/bin/tflc --only "$only" "$@" >"$log" 2>&1 || grep -E '^failed' "$log" || tail -n 20 "$log"
  local line
  line=$(tail -n 1 "$log")
  if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
    count "recorded $name" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}"
  else
    count "recorded $name" 0 1 0
  fi
}
if ! $quick && [ -f ../shared/tools/conformance.py ]; then
  # Each line of the list: a name, a tab, a pattern over the set's names.
  while IFS=$'\t' read -r name only; do
    [ -n "$name" ] && [ "${name:0:1}" != '#' ] || continue
    recorded "$name" "$only"
    [ "$name" = bad ] || recorded "$name -O0" "$only" --args=-O0
  done <test/recorded-sets.txt
else
  echo "SKIPPED recorded sets: not beside this checkout, or --quick"
  skipped=$((skipped + 1))
fi

# compiled NAME REGEX ARGS...: where nothing can be executed.
compiled() {
  local name=$1 only=$2 good=0 bad=0 model
  shift 2
  echo "== compiled $name (not executed: neither this machine nor an emulator runs the code)"
  for model in ../shared/models/*/model.tflite; do
    [[ models/$(basename "$(dirname "$model")") =~ $only ]] || continue
    if build/bin/tflc compile -q "$model" -o build/matrix-object --emit=obj "$@" >build/compiled.log 2>&1; then
      good=$((good + 1))
    else
      bad=$((bad + 1))
      echo "failed $model: $(head -n 1 build/compiled.log)"
    fi
  done
  rm -rf build/matrix-object
  count "compiled $name" "$good" "$bad" 0
}

# executes TARGET: false where tflc says that it cannot run that machine's code here, and only there.
executes() {
  local said
  said=$(build/bin/tflc run test/Inputs/models/add_signature/model.tflite --target="$1" --inputs=build/probe.npy \
    --outputs=build/probe.npz 2>&1) || true
  [[ $said != *'cannot be executed here'* ]]
}
if $matrix && [ -f ../shared/tools/conformance.py ]; then
  /usr/bin/python3 -c "import numpy
numpy.save('build/probe.npy', numpy.load('test/Inputs/models/add_signature/cases.npz')['c0/in/0'])"
  while IFS=$'\t' read -r target levels only; do
    [ -n "$target" ] && [ "${target:0:1}" != '#' ] || continue
    how=recorded
    executes "$target" || how=compiled
    for level in $levels; do
      if [ $how = recorded ]; then
        recorded "$target -O$level" "$only" --timeout 3600 "--args=--target=$target -O$level"
      else
        compiled "$target -O$level" "$only" "--target=$target" "-O$level"
      fi
    done
  done <test/matrix.txt
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
