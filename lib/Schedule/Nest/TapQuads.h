//===- TapQuads.h - four taps of a window at once ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// A depthwise window of 3 x 3 taps, two lines of results, quads along the lines. The bytes of a
// channel in four lines stand together, and each column serves both results:
//
//   line 0   a b c           quad of a column   result 0 meets   result 1 meets
//   line 1   d e f             input 0            a                none (0)
//   line 2   g h i             input 1            d                a
//   line 3                     input 2            g                d
//                              input 3            none (0)         g
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_TAPQUADS_H
#define TFLC_LIB_SCHEDULE_NEST_TAPQUADS_H

#include "LoopNest.h"

#include <array>

namespace tflc {

/// Iterations of each loop from a tile's origin on: of a result, of a tap, or of both.
using TapPlace = mlir::SmallVector<int64_t>;

/// Neighbours along a loop of the window. Of those that no tap reads the place is unknown.
using TapQuad = std::array<std::optional<TapPlace>, 4>;

/// Which taps a quad meets, by their numbers; -1 for none, whose weight is zero.
using QuadTaps = std::array<int, 4>;

/// The product of a quad that joins the sum of one result.
struct QuadProduct {
  unsigned point, quad;
  QuadTaps taps;
};

struct QuadPlan {
  mlir::SmallVector<TapQuad, 0> quads;
  mlir::SmallVector<QuadProduct> products; ///< in the order of the quads
};

/// Cuts what `points` read into quads along the loop `along`, from the lowest address on, so that
/// results share them. An input that would be alone there, as those of the fifth line of a window,
/// is taken along another loop of the window. Where several taps of a result read one input, the
/// quad joins its sum as often. `taps` are all of the window, in order. The coefficient of `inputs`
/// along the loop is positive.
QuadPlan planTapQuads(const LinearAccess &inputs, llvm::ArrayRef<TapPlace> points,
                      llvm::ArrayRef<TapPlace> taps, unsigned along);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_TAPQUADS_H
