//===- Strings.cpp - values of STRING tensors -----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Strings.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>

using namespace mlir;

namespace tflc {

static uint32_t readWord(ArrayRef<uint8_t> bytes, size_t index) {
  return llvm::support::endian::read32le(bytes.data() + 4 * index);
}

static ArrayRef<uint8_t> getString(ArrayRef<uint8_t> bytes, size_t index) {
  uint32_t begin = readWord(bytes, index + 1);
  return bytes.slice(begin, readWord(bytes, index + 2) - begin);
}

std::optional<std::string> checkStrings(ArrayRef<uint8_t> bytes, int64_t count) {
  uint64_t header = 4 * (static_cast<uint64_t>(count) + 2);
  if (bytes.size() < header || readWord(bytes, 0) != count)
    return "the values are not those of " + std::to_string(count) + " strings";
  uint32_t end = static_cast<uint32_t>(header);
  for (int64_t i = 0; i <= count; ++i) {
    uint32_t next = readWord(bytes, i + 1);
    if (next < end || next > bytes.size())
      return "string " + std::to_string(std::max<int64_t>(i - 1, 0)) +
             " lies outside of the values";
    if (i > 0 && next - end >= maxStringBytes)
      return "string " + std::to_string(i - 1) + " of " + std::to_string(next - end) +
             " bytes is too long, at most " + std::to_string(maxStringBytes - 1) + " are supported";
    end = next;
  }
  return std::nullopt;
}

unsigned getStringRoom(ArrayRef<uint8_t> bytes) {
  size_t longest = 0;
  for (size_t i = 0, count = readWord(bytes, 0); i < count; ++i)
    longest = std::max(longest, getString(bytes, i).size());
  return tfl::getStringRoom(longest);
}

std::vector<char> spreadStrings(ArrayRef<uint8_t> bytes, unsigned room) {
  size_t count = readWord(bytes, 0);
  std::vector<char> elements(count * room);
  for (size_t i = 0; i < count; ++i) {
    ArrayRef<uint8_t> text = getString(bytes, i);
    llvm::copy(text, elements.begin() + static_cast<ptrdiff_t>(i * room));
  }
  return elements;
}

std::string joinStrings(ArrayRef<char> elements, unsigned room) {
  std::string words, text;
  auto addWord = [&](size_t word) {
    char bytes[4];
    llvm::support::endian::write32le(bytes, static_cast<uint32_t>(word));
    words.append(bytes, sizeof(bytes));
  };
  size_t count = elements.size() / room, header = 4 * (count + 2);
  addWord(count);
  for (size_t i = 0; i < count; ++i) {
    addWord(header + text.size());
    StringRef element(elements.data() + i * room, room);
    text += element.rtrim('\0');
  }
  addWord(header + text.size());
  return words + text;
}

} // namespace tflc
