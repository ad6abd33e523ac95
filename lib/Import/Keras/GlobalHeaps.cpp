//===- GlobalHeaps.cpp - checks ahead of the HDF5 library -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// "III.E. Disk Format: Level 1E - Global Heap" of the HDF5 File Format Specification.
//
//===----------------------------------------------------------------------===//

#include "GlobalHeaps.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

/// Mark, version, reserved bytes and size of a heap; number, count, reserved bytes and size of an
/// object. Sizes are of eight bytes, as in all files that Keras writes.
static constexpr uint64_t headerSize = 16;

/// Whether the objects of one heap fill it without a fault.
static bool hasSoundObjects(StringRef heap) {
  heap = heap.drop_front(headerSize);
  while (heap.size() >= headerSize) {
    uint16_t number = support::endian::read16le(heap.data());
    uint64_t size = support::endian::read64le(heap.data() + 8);
    if (size > heap.size())
      return false;
    // The first object is what is free, with its header.
    uint64_t taken = number == 0 ? size : headerSize + alignTo(size, 8);
    if (taken < headerSize || taken > heap.size())
      return false;
    heap = heap.drop_front(taken);
  }
  return true;
}

bool tflc::keras::hasSoundHeaps(StringRef bytes) {
  // Nothing tells a heap from data that looks like one but for its size.
  constexpr uint64_t minHeapSize = 4096;
  const StringRef mark("GCOL\1", 5);
  for (size_t place = bytes.find(mark); place != StringRef::npos;
       place = bytes.find(mark, place + 1)) {
    StringRef rest = bytes.drop_front(place);
    if (rest.size() < minHeapSize)
      break;
    uint64_t size = support::endian::read64le(rest.data() + 8);
    if (size >= minHeapSize && size <= rest.size() && !hasSoundObjects(rest.take_front(size)))
      return false;
  }
  return true;
}
