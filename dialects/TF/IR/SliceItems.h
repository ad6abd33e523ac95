//===- SliceItems.h - the entries of a StridedSlice -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_SLICEITEMS_H
#define TF_IR_SLICEITEMS_H

#include "TF/IR/Inference.h"

namespace tflc::tf {

/// The masks of an op: bit i speaks of entry i of begin, end and strides.
struct SliceMasks {
  template <typename Op>
  explicit SliceMasks(Op op)
      : begin(op.getBeginMask()), end(op.getEndMask()), ellipsis(op.getEllipsisMask()),
        newAxis(op.getNewAxisMask()), shrinkAxis(op.getShrinkAxisMask()) {}

  int64_t begin, end, ellipsis, newAxis, shrinkAxis;
};

/// What happens to one dimension of the input, or where a new one stands.
struct SliceItem {
  /// The dimension of the input; none for a new axis.
  std::optional<unsigned> dim;
  bool shrink = false;
  /// Absent: from the first element, to the last.
  std::optional<int64_t> begin, end;
  int64_t stride = 1;
  /// The whole dimension, unless `begin` and `end` are not known: see `isKnown`.
  bool isKnown = true;
};

/// Spreads the entries over the dimensions, with the ellipsis filled in. Where begin, end and
/// strides are empty, the number of entries is `entries`, and items have no known range. Nothing if
/// the entries do not fit the rank.
std::optional<llvm::SmallVector<SliceItem>> getSliceItems(const SliceMasks &masks, unsigned rank,
                                                          llvm::ArrayRef<int64_t> begin,
                                                          llvm::ArrayRef<int64_t> end,
                                                          llvm::ArrayRef<int64_t> strides,
                                                          std::optional<unsigned> entries);

struct SliceRange {
  int64_t begin, size, stride;
};

/// The elements that an item takes of a dimension of known size; nothing where it is invalid.
std::optional<SliceRange> getSliceRange(const SliceItem &item, int64_t size);

} // namespace tflc::tf

#endif // TF_IR_SLICEITEMS_H
