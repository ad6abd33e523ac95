//===- TapPairing.cpp - which two taps of a window make a pair ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TapPairing.h"

using namespace mlir;
using namespace tflc;

/// The loop in which two steps differ, if it is one.
static std::optional<unsigned> loopBetween(ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  std::optional<unsigned> loop;
  for (unsigned d = 0; d < from.size(); ++d)
    if (from[d] != to[d]) {
      if (loop)
        return std::nullopt;
      loop = d;
    }
  return loop;
}

/// Cuts the steps into lines of a window: runs of steps that differ in one loop.
static SmallVector<ArrayRef<Tap>> cutIntoLines(ArrayRef<Tap> steps) {
  SmallVector<ArrayRef<Tap>> lines;
  for (size_t start = 0; start < steps.size();) {
    size_t end = start + 1;
    std::optional<unsigned> along;
    for (; end < steps.size(); ++end) {
      auto loop = loopBetween(steps[end - 1], steps[end]);
      if (!loop || (along && *loop != *along) || steps[end][*loop] < steps[end - 1][*loop])
        break;
      along = loop;
    }
    lines.push_back(steps.slice(start, end - start));
    start = end;
  }
  return lines;
}

SmallVector<TapPair> tflc::pairTaps(ArrayRef<Tap> steps) {
  SmallVector<ArrayRef<Tap>> lines = cutIntoLines(steps);
  SmallVector<TapPair> pairs;
  for (size_t line = 0; line < lines.size(); ++line) {
    if (line + 1 < lines.size() && lines[line].size() == lines[line + 1].size()) {
      for (auto [upper, lower] : llvm::zip_equal(lines[line], lines[line + 1]))
        pairs.push_back({upper, lower, std::nullopt});
      ++line;
      continue;
    }
    ArrayRef<Tap> taps = lines[line];
    for (; taps.size() > 1; taps = taps.drop_front(2))
      pairs.push_back({taps[0], taps[1], std::nullopt});
    if (!taps.empty())
      pairs.push_back({taps[0], std::nullopt, std::nullopt});
    if (!taps.empty() && lines[line].size() > 1)
      pairs.back().previous = lines[line][lines[line].size() - 2];
  }
  return pairs;
}
