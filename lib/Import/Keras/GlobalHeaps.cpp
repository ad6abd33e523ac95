//===- GlobalHeaps.cpp - checks ahead of the HDF5 library -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// "III.E. Disk Format: Level 1E - Global Heap", "IV.A.2.b. The Dataspace Message" and
// "IV.A.2.m. The Attribute Message" of the HDF5 File Format Specification.
//
//===----------------------------------------------------------------------===//

#include "GlobalHeaps.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace llvm::support::endian;
using namespace tflc::keras;

/// Mark, version, reserved bytes and size of a heap; number, count, reserved bytes and size of an
/// object. Sizes are of eight bytes, as in all files that Keras writes.
static constexpr uint64_t headerSize = 16;
/// Length of a text, offset of its heap, and its number there.
static constexpr uint64_t referenceSize = 4 + 8 + 4;

bool GlobalHeaps::readHeap(uint64_t start, StringRef heap) {
  heap = heap.drop_front(headerSize);
  while (heap.size() >= headerSize) {
    uint16_t number = read16le(heap.data());
    uint64_t size = read64le(heap.data() + 8);
    if (size > heap.size())
      return false;
    // The first object is what is free, with its header.
    uint64_t taken = number == 0 ? size : headerSize + alignTo(size, 8);
    if (taken < headerSize || taken > heap.size())
      return false;
    if (number != 0)
      sizes[{start, number}] = size;
    heap = heap.drop_front(taken);
  }
  return true;
}

std::optional<GlobalHeaps> GlobalHeaps::read(StringRef bytes) {
  GlobalHeaps heaps;
  heaps.bytes = bytes;
  // Nothing tells a heap from data that looks like one but for its size.
  constexpr uint64_t minHeapSize = 4096;
  const StringRef mark("GCOL\1", 5);
  for (size_t place = bytes.find(mark); place != StringRef::npos;
       place = bytes.find(mark, place + 1)) {
    StringRef rest = bytes.drop_front(place);
    if (rest.size() < minHeapSize)
      break;
    uint64_t size = read64le(rest.data() + 8);
    if (size >= minHeapSize && size <= rest.size() && !heaps.readHeap(place, rest.take_front(size)))
      return std::nullopt;
  }
  return heaps;
}

bool GlobalHeaps::holdReferences(StringRef references) const {
  for (; references.size() >= referenceSize; references = references.drop_front(referenceSize)) {
    uint32_t length = read32le(references.data());
    uint64_t heap = read64le(references.data() + 4);
    if (length == 0 && heap == 0)
      continue; // an empty text
    auto object = sizes.find({heap, read32le(references.data() + 12)});
    if (object == sizes.end() || object->second != length)
      return false;
  }
  return true;
}

/// Whether the references are sound of the attribute message whose name, with the zero behind it,
/// is at `place`. True where no such message is there, or its type is not of variable length.
bool GlobalHeaps::holdTextsAt(size_t place, size_t nameSize) const {
  // The versions differ in a byte for the name's characters, and in that parts of the first one are
  // padded to multiples of eight bytes.
  for (unsigned version : {1, 2, 3}) {
    size_t header = version == 3 ? 9 : 8;
    if (place < header)
      continue;
    const char *message = bytes.data() + place - header;
    if (uint8_t(message[0]) != version || read16le(message + 2) != nameSize)
      continue;
    auto dropFront = [&](StringRef rest, size_t size) {
      return rest.drop_front(std::min<size_t>(rest.size(), version == 1 ? alignTo(size, 8) : size));
    };
    StringRef type = dropFront(bytes.drop_front(place), nameSize);
    StringRef space = dropFront(type, read16le(message + 4));
    StringRef data = dropFront(space, read16le(message + 6));
    // A type that lies elsewhere could be any; Keras writes none.
    constexpr unsigned sharesParts = 3, variableLength = 9;
    if (version > 1 && (message[1] & sharesParts) != 0)
      return false;
    if (type.empty() || space.size() < 8 || (type[0] & 0xf) != variableLength)
      continue;
    // Version, rank and flags of the dataspace, in version 1 with five reserved bytes; then sizes.
    size_t rank = uint8_t(space[1]);
    StringRef sizes = space.drop_front(space[0] == 1 ? 8 : 4);
    uint64_t size = referenceSize;
    for (size_t i = 0; i < rank && 8 * i + 8 <= sizes.size(); ++i)
      size = SaturatingMultiply(size, read64le(sizes.data() + 8 * i));
    if (!holdReferences(data.take_front(size)))
      return false;
  }
  return true;
}

bool GlobalHeaps::holdTextsOf(StringRef name) const {
  for (size_t place = bytes.find(name); place != StringRef::npos;
       place = bytes.find(name, place + 1)) {
    StringRef rest = bytes.drop_front(place);
    // What is too long for one attribute is cut into NAME0, NAME1 and so on.
    size_t size = name.size() + rest.drop_front(name.size()).take_while(isDigit).size();
    if (size < rest.size() && rest[size] == '\0' && !holdTextsAt(place, size + 1))
      return false;
  }
  return true;
}
