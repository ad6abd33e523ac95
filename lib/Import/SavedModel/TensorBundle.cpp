//===- TensorBundle.cpp - tensors of a checkpoint -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TensorBundle.h"

#include "Checksum.h"
#include "SliceKey.h"
#include "SortedTable.h"
#include "Values.h"

#include "Schema/tensor_bundle.pb.h"
#include "tflc/Support/OutputFiles.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace tflc;
using namespace tflc::savedmodel;

static Error makeError(const Twine &message) {
  return createStringError(inconvertibleErrorCode(), message);
}

static bool parse(const std::string &bytes, google::protobuf::MessageLite &message) {
  return message.ParseFromString(bytes);
}

Expected<TensorBundle> TensorBundle::open(const std::string &prefix) {
  std::string path = prefix + ".index";
  Expected<std::string> file = readFile(path);
  if (!file)
    return file.takeError();
  auto table = readSortedTable(*file);
  if (!table)
    return makeError(path + ": " + toString(table.takeError()));
  TensorBundle bundle;
  bundle.prefix = prefix;
  bundle.entries = std::move(*table);
  proto::BundleHeader header;
  auto found = bundle.entries.find("");
  if (found == bundle.entries.end() || !parse(found->second, header))
    return makeError(path + ": the header is missing");
  if (header.endianness() != 0)
    return makeError(path + ": the tensors are big endian");
  bundle.shardCount = header.num_shards();
  return bundle;
}

Expected<const std::string *> TensorBundle::openShard(int32_t number) {
  auto [place, isNew] = shards.try_emplace(number);
  if (!isNew)
    return &place->second;
  std::string path;
  raw_string_ostream(path) << prefix << ".data-" << format("%05d-of-%05d", number, shardCount);
  Expected<std::string> file = readFile(path);
  if (!file) {
    shards.erase(place);
    return file.takeError();
  }
  place->second = std::move(*file);
  return &place->second;
}

Expected<std::string> TensorBundle::readBytes(const std::string &serializedEntry) {
  proto::BundleEntry entry;
  if (!parse(serializedEntry, entry))
    return makeError("the entry is damaged");
  if (entry.shard_id() < 0 || entry.shard_id() >= shardCount)
    return makeError("there is no shard " + Twine(entry.shard_id()));
  Expected<const std::string *> shard = openShard(entry.shard_id());
  if (!shard)
    return shard.takeError();
  uint64_t offset = entry.offset(), size = entry.size();
  if (offset > (*shard)->size() || size > (*shard)->size() - offset)
    return makeError("the values lie outside of the file");
  std::string bytes = (*shard)->substr(offset, size);
  if (entry.crc32c() != maskCRC(getCRC32C(bytes)))
    return makeError("the values have a wrong checksum");
  return bytes;
}

/// Copies the block `extents` of a tensor of `shape`, out of it or into it.
static void copyBlock(char *whole, ArrayRef<int64_t> shape, char *block,
                      ArrayRef<TensorExtent> extents, size_t elementBytes, bool intoWhole) {
  int64_t count = 1;
  for (const TensorExtent &extent : extents)
    count *= extent.length;
  // Rows of the last dimension are contiguous in both.
  int64_t row = extents.empty() ? 1 : extents.back().length;
  for (int64_t i = 0; i < count; i += row) {
    int64_t left = i, at = 0, stride = 1;
    for (int64_t dim = int64_t(shape.size()) - 1; dim >= 0; --dim) {
      at += (extents[dim].start + left % extents[dim].length) * stride;
      left /= extents[dim].length;
      stride *= shape[dim];
    }
    char *inWhole = whole + at * elementBytes, *inBlock = block + i * elementBytes;
    std::memcpy(intoWhole ? inWhole : inBlock, intoWhole ? inBlock : inWhole, row * elementBytes);
  }
}

static bool fits(ArrayRef<TensorExtent> extents, ArrayRef<int64_t> shape) {
  if (extents.size() != shape.size())
    return false;
  for (auto [extent, size] : zip_equal(extents, shape))
    if (extent.start < 0 || extent.length < 1 || extent.start > size ||
        extent.length > size - extent.start)
      return false;
  return true;
}

Expected<mlir::DenseElementsAttr> TensorBundle::read(StringRef key,
                                                     std::optional<ArrayRef<TensorExtent>> part,
                                                     mlir::MLIRContext *context) {
  auto found = entries.find(key.str());
  proto::BundleEntry entry;
  if (found == entries.end() || key.empty())
    return makeError("the checkpoint has no tensor \"" + key + "\"");
  if (!parse(found->second, entry))
    return makeError("\"" + key + "\": the entry is damaged");
  mlir::Type elementType = getElementType(entry.dtype(), context);
  std::optional<SmallVector<int64_t>> shape = getStaticShape(entry.shape());
  unsigned width = elementType ? getElementBytes(elementType) : 0;
  if (!shape || width == 0)
    return makeError("\"" + key + "\": tensors of this type or shape are not supported");
  std::optional<uint64_t> size = getByteCount(*shape, width);
  constexpr uint64_t limit = uint64_t(1) << 31;
  if (!size || *size > limit)
    return makeError("\"" + key + "\": the tensor is too large");

  std::string bytes;
  if (entry.slices().empty()) {
    Expected<std::string> whole = readBytes(found->second);
    if (!whole)
      return makeError("\"" + key + "\": " + toString(whole.takeError()));
    bytes = std::move(*whole);
  } else {
    // Slices that are listed must fill the tensor, so that its size is bounded by the files'.
    uint64_t filled = 0;
    SmallVector<std::pair<SmallVector<TensorExtent>, std::string>> slices;
    for (const proto::TensorSlice &slice : entry.slices()) {
      SmallVector<TensorExtent> extents;
      for (auto [i, extent] : enumerate(slice.extent()))
        extents.push_back({extent.start(), extent.has_length() ? extent.length()
                                           : i < shape->size() ? (*shape)[i]
                                                               : 0});
      auto sliceEntry = entries.find(makeSliceKey(key, slice));
      if (!fits(extents, *shape) || sliceEntry == entries.end())
        return makeError("\"" + key + "\": a slice is missing or does not fit");
      Expected<std::string> piece = readBytes(sliceEntry->second);
      if (!piece)
        return makeError("\"" + key + "\": " + toString(piece.takeError()));
      uint64_t expected = width;
      for (const TensorExtent &extent : extents)
        expected *= extent.length;
      if (piece->size() != expected)
        return makeError("\"" + key + "\": a slice has a wrong size");
      filled += expected;
      slices.emplace_back(std::move(extents), std::move(*piece));
    }
    if (filled != *size)
      return makeError("\"" + key + "\": the slices do not fill the tensor");
    bytes.resize(*size);
    for (auto &[extents, piece] : slices)
      copyBlock(bytes.data(), *shape, piece.data(), extents, width, /*intoWhole=*/true);
  }
  if (bytes.size() != *size)
    return makeError("\"" + key + "\": the values do not fill the shape");

  if (part) {
    if (!fits(*part, *shape))
      return makeError("\"" + key + "\": the part lies outside of the tensor");
    SmallVector<int64_t> partShape;
    for (const TensorExtent &extent : *part)
      partShape.push_back(extent.length);
    std::string piece(*getByteCount(partShape, width), '\0');
    copyBlock(bytes.data(), *shape, piece.data(), *part, width, /*intoWhole=*/false);
    bytes = std::move(piece);
    shape = partShape;
  }
  return makeConstant(mlir::RankedTensorType::get(*shape, elementType), bytes);
}
