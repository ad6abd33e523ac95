//===- SliceItems.cpp - the masks of strided slices -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/SliceItems.h"

#include <algorithm>

using namespace mlir;
using namespace tflc::tfl;

std::optional<SmallVector<SliceItem>> tflc::tfl::getSliceItems(StridedSliceOp op) {
  auto beginType = op.getBegin().getType();
  if (beginType.getRank() != 1 || beginType.isDynamicDim(0) || beginType.getDimSize(0) > 31)
    return std::nullopt;
  unsigned numEntries = beginType.getDimSize(0);
  auto isSet = [](uint32_t mask, unsigned entry) { return (mask >> entry) & 1; };

  unsigned numTaken = 0;
  bool hasEllipsis = false;
  for (unsigned entry = 0; entry < numEntries; ++entry) {
    if (isSet(op.getEllipsisMask(), entry))
      hasEllipsis = true;
    else if (!isSet(op.getNewAxisMask(), entry))
      ++numTaken;
  }
  unsigned rank = op.getInput().getType().getRank();
  if (numTaken > rank)
    return std::nullopt;

  SmallVector<SliceItem> items;
  unsigned dim = 0;
  auto takeWhole = [&](unsigned count) {
    for (unsigned i = 0; i < count; ++i)
      items.push_back({SliceItem::Kind::Range, dim++, std::nullopt, false, false});
  };
  for (unsigned entry = 0; entry < numEntries; ++entry) {
    if (isSet(op.getEllipsisMask(), entry)) {
      // A second ellipsis takes nothing more.
      takeWhole(hasEllipsis ? rank - numTaken : 0);
      hasEllipsis = false;
      continue;
    }
    if (isSet(op.getNewAxisMask(), entry)) {
      items.push_back({SliceItem::Kind::NewAxis, std::nullopt, entry, false, false});
      continue;
    }
    items.push_back(
        {isSet(op.getShrinkAxisMask(), entry) ? SliceItem::Kind::Index : SliceItem::Kind::Range,
         dim++, entry, !isSet(op.getBeginMask(), entry), !isSet(op.getEndMask(), entry)});
  }
  takeWhole(rank - dim);
  return items;
}

SliceRange tflc::tfl::getSliceRange(const SliceItem &item, int64_t begin, int64_t end,
                                    int64_t stride, bool offset, int64_t dim) {
  if (item.kind == SliceItem::Kind::NewAxis)
    return {0, 1, 1};
  if (!item.entry)
    return {0, dim, 1};
  // Bounds are places between elements forwards and elements backwards.
  int64_t lowest = stride > 0 ? 0 : -1, highest = stride > 0 ? dim : dim - 1;
  int64_t first = stride > 0 ? lowest : highest, last = stride > 0 ? highest : lowest;
  if (item.hasBegin)
    first = std::clamp(begin < 0 ? begin + dim : begin, lowest, highest);
  if (item.kind == SliceItem::Kind::Index)
    return {std::clamp<int64_t>(first, 0, std::max<int64_t>(dim - 1, 0)), 1, 1};
  if (item.hasEnd) {
    int64_t bound = offset ? first + end : (end < 0 ? end + dim : end);
    last = std::clamp(bound, lowest, highest);
  }
  int64_t distance = stride > 0 ? last - first : first - last;
  int64_t step = stride > 0 ? stride : -stride;
  return {first, distance <= 0 ? 0 : (distance - 1) / step + 1, stride};
}
