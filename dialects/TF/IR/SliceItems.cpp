//===- SliceItems.cpp - the entries of a StridedSlice ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/SliceItems.h"

#include <algorithm>

using namespace mlir;
using namespace tflc::tf;

std::optional<SmallVector<SliceItem>>
tflc::tf::getSliceItems(const SliceMasks &masks, unsigned rank, ArrayRef<int64_t> begin,
                        ArrayRef<int64_t> end, ArrayRef<int64_t> strides,
                        std::optional<unsigned> entries) {
  bool isKnown = !entries;
  unsigned count = entries.value_or(begin.size());
  constexpr unsigned maxEntries = 32;
  if (count > maxEntries || (isKnown && (end.size() != count || strides.size() != count)))
    return std::nullopt;
  auto has = [](int64_t mask, unsigned i) { return (mask >> i & 1) != 0; };
  unsigned used = 0;
  bool hasEllipsis = false;
  for (unsigned i = 0; i < count; ++i) {
    if (has(masks.ellipsis, i)) {
      if (hasEllipsis)
        return std::nullopt;
      hasEllipsis = true;
    } else if (!has(masks.newAxis, i)) {
      ++used;
    }
  }
  if (used > rank)
    return std::nullopt;

  SmallVector<SliceItem> items;
  unsigned dim = 0;
  auto addWhole = [&](unsigned number) {
    for (unsigned i = 0; i < number; ++i) {
      SliceItem item;
      item.dim = dim++;
      items.push_back(item);
    }
  };
  for (unsigned i = 0; i < count; ++i) {
    if (has(masks.ellipsis, i)) {
      addWhole(rank - used);
      continue;
    }
    SliceItem item;
    if (has(masks.newAxis, i)) {
      items.push_back(item);
      continue;
    }
    item.dim = dim++;
    item.shrink = has(masks.shrinkAxis, i);
    item.isKnown = isKnown;
    if (isKnown) {
      item.stride = strides[i];
      if (!has(masks.begin, i))
        item.begin = begin[i];
      if (!has(masks.end, i))
        item.end = end[i];
    }
    items.push_back(item);
  }
  addWhole(rank - dim);
  return items;
}

std::optional<SliceRange> tflc::tf::getSliceRange(const SliceItem &item, int64_t size) {
  if (!item.isKnown || item.stride == 0 || size < 0)
    return std::nullopt;
  auto fromEnd = [&](int64_t at) { return at < 0 ? at + size : at; };
  if (item.shrink) {
    int64_t at = fromEnd(item.begin.value_or(0));
    if (at < 0 || at >= size)
      return std::nullopt;
    return SliceRange{at, 1, 1};
  }
  bool forward = item.stride > 0;
  int64_t low = forward ? 0 : -1, high = forward ? size : size - 1;
  int64_t first = item.begin ? std::clamp(fromEnd(*item.begin), low, high) : forward ? low : high;
  int64_t last = item.end ? std::clamp(fromEnd(*item.end), low, high) : forward ? high : low;
  int64_t distance = forward ? last - first : first - last;
  uint64_t step = forward ? uint64_t(item.stride) : 0 - uint64_t(item.stride);
  if (distance <= 0)
    return SliceRange{0, 0, 1};
  int64_t count = int64_t((uint64_t(distance) - 1) / step) + 1;
  // One element has no stride, which may be too large to multiply with.
  return SliceRange{first, count, count == 1 ? 1 : item.stride};
}
