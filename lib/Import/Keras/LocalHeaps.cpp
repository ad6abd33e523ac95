//===- LocalHeaps.cpp - names that the HDF5 library reads -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// "III.D. Disk Format: Level 1D - Local Heaps" of the HDF5 File Format Specification.
//
//===----------------------------------------------------------------------===//

#include "LocalHeaps.h"

#include "llvm/Support/Endian.h"

using namespace llvm;
using namespace llvm::support::endian;

bool tflc::keras::endLocalHeapsWithZero(StringRef bytes) {
  // Mark, version and reserved bytes; size of the data, offset of what is free, address of the
  // data. Sizes are of eight bytes, as in all files that Keras writes.
  constexpr size_t headerSize = 32;
  const StringRef mark("HEAP\0\0\0\0", 8);
  for (size_t place = bytes.find(mark); place != StringRef::npos;
       place = bytes.find(mark, place + 1)) {
    StringRef header = bytes.substr(place, headerSize);
    if (header.size() < headerSize)
      break;
    uint64_t size = read64le(header.data() + 8), address = read64le(header.data() + 24);
    // What is not within the file the library refuses. Names are padded with zeros, and so is what
    // is free behind them.
    bool isWithin = size > 0 && address <= bytes.size() && size <= bytes.size() - address;
    if (isWithin && bytes[address + size - 1] != '\0')
      return false;
  }
  return true;
}
