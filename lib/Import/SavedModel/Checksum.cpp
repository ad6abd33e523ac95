//===- Checksum.cpp - CRC-32C of files ------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Checksum.h"

#include <array>

using namespace tflc::savedmodel;

namespace {

/// tables[k][b]: the checksum of byte b with k zero bytes after it, so that eight bytes take one
/// step.
struct Tables {
  std::array<std::array<uint32_t, 256>, 8> table;

  Tables() {
    constexpr uint32_t polynomial = 0x82f63b78;
    for (uint32_t byte = 0; byte < 256; ++byte) {
      uint32_t crc = byte;
      for (int bit = 0; bit < 8; ++bit)
        crc = crc & 1 ? crc >> 1 ^ polynomial : crc >> 1;
      table[0][byte] = crc;
    }
    for (unsigned k = 1; k < 8; ++k)
      for (uint32_t byte = 0; byte < 256; ++byte)
        table[k][byte] = table[k - 1][byte] >> 8 ^ table[0][table[k - 1][byte] & 0xff];
  }
};

} // namespace

uint32_t tflc::savedmodel::getCRC32C(llvm::StringRef bytes, uint32_t start) {
  static const Tables tables;
  const auto &table = tables.table;
  const auto *at = reinterpret_cast<const uint8_t *>(bytes.data());
  size_t left = bytes.size();
  uint32_t crc = ~start;
  for (; left >= 8; left -= 8, at += 8) {
    uint32_t low = crc ^ (uint32_t(at[0]) | uint32_t(at[1]) << 8 | uint32_t(at[2]) << 16 |
                          uint32_t(at[3]) << 24);
    crc = table[7][low & 0xff] ^ table[6][low >> 8 & 0xff] ^ table[5][low >> 16 & 0xff] ^
          table[4][low >> 24] ^ table[3][at[4]] ^ table[2][at[5]] ^ table[1][at[6]] ^
          table[0][at[7]];
  }
  for (; left > 0; --left, ++at)
    crc = crc >> 8 ^ table[0][(crc ^ *at) & 0xff];
  return ~crc;
}

uint32_t tflc::savedmodel::maskCRC(uint32_t crc) { return (crc >> 15 | crc << 17) + 0xa282ead8; }
