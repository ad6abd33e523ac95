//===- ColumnPairs.h - two columns in one register of 64 bits ---*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Without vectors, a register of 64 bits has room for two sums of 32, and one multiplication makes
// a product for both. With two weights v and w of neighbouring columns
//
//   x * (v + 2^32 * w) = x * v + 2^32 * (x * w)
//
// and so do sums of such products. As long as that of the lower column fits 32 bits, both can be
// told apart in the end.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_COLUMNPAIRS_H
#define TFLC_LIB_SCHEDULE_NEST_COLUMNPAIRS_H

#include "Strategy.h"

#include "tflc/Target/TargetInfo.h"

namespace tflc {

/// Whether a broadcast sums columns up in pairs. A tile with an odd number of columns leaves the
/// last one alone.
bool pairsColumns(const LoopNest &nest, const Strategy &strategy, const TargetInfo &target);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_COLUMNPAIRS_H
