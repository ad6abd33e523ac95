//===- SliceKey.cpp - names of the parts of a tensor ----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "SliceKey.h"

#include "Schema/tensor_bundle.pb.h"

using namespace llvm;

/// The number of bytes, then the bytes, the highest first.
static void addCount(std::string &key, uint64_t number) {
  std::string bytes;
  for (; number != 0; number >>= 8)
    bytes.insert(bytes.begin(), char(number & 0xff));
  key += char(bytes.size());
  key += bytes;
}

/// Ends with a mark that no text contains, for which two bytes are escaped.
static void addText(std::string &key, StringRef text) {
  for (char c : text) {
    key += c;
    if (c == '\0')
      key += '\xff';
    else if (c == '\xff')
      key += '\0';
  }
  key += StringRef("\0\1", 2);
}

/// A number in n bytes begins with n ones (flipped for negative ones), then its sign.
static void addSigned(std::string &key, int64_t number) {
  uint64_t magnitude = number < 0 ? ~uint64_t(number) : uint64_t(number);
  unsigned length = 1;
  while (length < 10 && 7 * length - 1 < 64 && magnitude >> (7 * length - 1) != 0)
    ++length;
  std::string bytes(10, number < 0 ? '\xff' : '\0');
  for (unsigned i = 0; i < 8; ++i)
    bytes[9 - i] = char(uint64_t(number) >> (8 * i) & 0xff);
  bytes = bytes.substr(10 - length);
  for (unsigned i = 0; i < length; ++i)
    bytes[i / 8] ^= char(0x80 >> (i % 8));
  key += bytes;
}

std::string tflc::savedmodel::makeSliceKey(StringRef name, const proto::TensorSlice &slice) {
  std::string key;
  addCount(key, 0);
  addText(key, name);
  addCount(key, slice.extent_size());
  for (const proto::TensorSlice::Extent &extent : slice.extent()) {
    addSigned(key, extent.start());
    addSigned(key, extent.has_length() ? extent.length() : -1);
  }
  return key;
}
