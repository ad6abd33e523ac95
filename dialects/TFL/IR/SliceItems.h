//===- SliceItems.h - the masks of strided slices ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_SLICEITEMS_H
#define TFL_IR_SLICEITEMS_H

#include "TFL/IR/SliceOps.h"

#include <optional>

namespace tflc::tfl {

/// What a strided slice does to one dimension of its input, or in front of one.
struct SliceItem {
  enum class Kind { Range, Index, NewAxis };
  Kind kind = Kind::Range;
  /// The dimension of the input; none for a new axis.
  std::optional<unsigned> dim;
  /// The place in begin, end and strides; none where the whole dimension is taken.
  std::optional<unsigned> entry;
  bool hasBegin = false, hasEnd = false;
};

/// The meaning of a strided slice's masks, in the order of the result's dimensions (an index gives
/// none). Nothing where the number of entries is unknown or does not fit the input's rank.
std::optional<llvm::SmallVector<SliceItem>> getSliceItems(StridedSliceOp op);

/// A slice along one dimension: `size` elements from `begin` on, `stride` apart.
struct SliceRange {
  int64_t begin, size, stride;
};

/// Applies Python's rules to a range or index of a dimension of size `dim`.
SliceRange getSliceRange(const SliceItem &item, int64_t begin, int64_t end, int64_t stride,
                         bool offset, int64_t dim);

} // namespace tflc::tfl

#endif // TFL_IR_SLICEITEMS_H
