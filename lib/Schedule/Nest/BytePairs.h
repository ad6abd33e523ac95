//===- BytePairs.h - products of bytes in pairs -----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// VPMADDUBSW multiplies twice as many bytes as VPMADDWD multiplies words, without extending them,
// but its sums of two products are words that saturate. With rows of bytes from 0 to 255 none does
// where the weights of a pair that have the same sign add up to 128 at most. Few pairs of weights
// exceed that where one weight of a matrix is much larger than most others: the groups with such
// pairs are known at compile time and multiplied as words.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_BYTEPAIRS_H
#define TFLC_LIB_SCHEDULE_NEST_BYTEPAIRS_H

#include "LoopNest.h"
#include "Strategy.h"

namespace tflc {

/// A weight of a contraction with signed bytes whose reduction is one loop.
int8_t weightOf(const LoopNest &nest, const Strategy &strategy, int64_t column, int64_t element);

/// For each tile of columns of a contraction with signed bytes as constant weights, in ascending
/// order where along `groupDim` those whole groups begin in which two neighbours, the first of them
/// at an even place, may saturate. `groupDim` is the only loop of the reduction.
mlir::SmallVector<mlir::SmallVector<int32_t>> findLargePairs(const LoopNest &nest,
                                                             const Strategy &strategy);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_BYTEPAIRS_H
