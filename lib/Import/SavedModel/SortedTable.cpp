//===- SortedTable.cpp - files of sorted keys and values ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "SortedTable.h"

#include "Checksum.h"

#include "llvm/Support/Endian.h"

#include <functional>

using namespace llvm;
using namespace tflc::savedmodel;

namespace {

/// Where a block lies in the file.
struct BlockHandle {
  uint64_t offset = 0, size = 0;
};

} // namespace

static Error makeError(const Twine &message) {
  return createStringError(inconvertibleErrorCode(), message);
}

/// Takes a number off the front: seven bits a byte, the lowest first.
static bool readNumber(StringRef &bytes, uint64_t &result) {
  result = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    uint8_t byte = bytes.front();
    bytes = bytes.drop_front();
    result |= uint64_t(byte & 0x7f) << shift;
    if (!(byte & 0x80))
      return true;
  }
  return false;
}

static bool readHandle(StringRef &bytes, BlockHandle &handle) {
  return readNumber(bytes, handle.offset) && readNumber(bytes, handle.size);
}

static Expected<StringRef> readBlock(StringRef file, const BlockHandle &handle) {
  constexpr size_t trailerBytes = 5;
  if (handle.offset > file.size() || handle.size > file.size() - handle.offset ||
      file.size() - handle.offset - handle.size < trailerBytes)
    return makeError("a block lies outside of the file");
  StringRef block = file.substr(handle.offset, handle.size);
  StringRef checked = file.substr(handle.offset, handle.size + 1);
  uint32_t stored = support::endian::read32le(file.data() + handle.offset + handle.size + 1);
  if (stored != maskCRC(getCRC32C(checked)))
    return makeError("a block has a wrong checksum");
  if (checked.back() != 0)
    return makeError("a block is compressed");
  return block;
}

/// Calls `visit` for each entry of a block.
static Error forEachEntry(StringRef block, function_ref<Error(StringRef, StringRef)> visit) {
  if (block.size() < 4)
    return makeError("a block is too short");
  // Restart points serve searching.
  uint64_t restarts = support::endian::read32le(block.end() - 4);
  if (restarts > (block.size() - 4) / 4)
    return makeError("a block has too many restart points");
  StringRef entries = block.drop_back(4 + 4 * restarts);
  std::string key;
  while (!entries.empty()) {
    uint64_t shared, unshared, valueSize;
    if (!readNumber(entries, shared) || !readNumber(entries, unshared) ||
        !readNumber(entries, valueSize) || shared > key.size() || unshared > entries.size() ||
        valueSize > entries.size() - unshared)
      return makeError("an entry of a block is damaged");
    key.resize(shared);
    key += entries.take_front(unshared);
    if (Error error = visit(key, entries.substr(unshared, valueSize)))
      return error;
    entries = entries.drop_front(unshared + valueSize);
  }
  return Error::success();
}

Expected<std::map<std::string, std::string>> tflc::savedmodel::readSortedTable(StringRef file) {
  constexpr size_t footerBytes = 48;
  constexpr uint64_t magic = 0xdb4775248b80fb57;
  if (file.size() < footerBytes || support::endian::read64le(file.end() - 8) != magic)
    return makeError("the file is no table");
  StringRef footer = file.take_back(footerBytes);
  BlockHandle unused, index;
  if (!readHandle(footer, unused) || !readHandle(footer, index))
    return makeError("the table's footer is damaged");
  Expected<StringRef> indexBlock = readBlock(file, index);
  if (!indexBlock)
    return indexBlock.takeError();

  std::map<std::string, std::string> result;
  uint64_t total = 0;
  Error error = forEachEntry(*indexBlock, [&](StringRef, StringRef place) -> Error {
    BlockHandle handle;
    if (!readHandle(place, handle))
      return makeError("the table's index is damaged");
    Expected<StringRef> block = readBlock(file, handle);
    if (!block)
      return block.takeError();
    return forEachEntry(*block, [&](StringRef key, StringRef value) -> Error {
      // An index may name a block many times, and a key may grow with every entry.
      total += key.size() + value.size();
      if (total > 16 * uint64_t(file.size()) + (1 << 20))
        return makeError("the table's index is damaged");
      result[key.str()] = value.str();
      return Error::success();
    });
  });
  if (error)
    return std::move(error);
  return result;
}
