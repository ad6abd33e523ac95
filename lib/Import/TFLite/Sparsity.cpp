//===- Sparsity.cpp - constants with few values ---------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Sparsity.h"

#include "Types.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CheckedArithmetic.h"

#include <cstring>

using namespace mlir;

namespace tflc {

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

/// Checks the rows of one compressed level below `rows` positions of the levels above.
static std::optional<std::string> checkCompressed(const SparseLevel &level, int64_t rows,
                                                  size_t number) {
  std::string where = "level " + std::to_string(number) + " of the sparse tensor ";
  const std::vector<int64_t> &segments = level.segments;
  if (static_cast<int64_t>(segments.size()) - 1 != rows)
    return where + "has " + std::to_string(segments.size()) + " segment bounds for " +
           std::to_string(rows) + " rows";
  if (segments.front() != 0 || segments.back() != static_cast<int64_t>(level.indices.size()) ||
      !llvm::is_sorted(segments))
    return where + "has segments that do not cover its " + std::to_string(level.indices.size()) +
           " indices";
  for (int64_t index : level.indices)
    if (index < 0 || index >= level.size)
      return where + "has the index " + std::to_string(index) + " in a dimension of " +
             std::to_string(level.size);
  return std::nullopt;
}

std::optional<std::string> SparseFormat::resolve(ArrayRef<int64_t> shape,
                                                 std::optional<int64_t> storedValues) {
  size_t rank = shape.size();
  size_t count = rank + blockMap.size();
  if (blockMap.size() > rank || traversalOrder.size() != count || levels.size() != count)
    return "the sparse tensor of rank " + std::to_string(rank) + " with " +
           std::to_string(blockMap.size()) + " blocked dimensions has " +
           std::to_string(levels.size()) + " levels";
  llvm::BitVector seen(count), blocked(rank);
  for (int64_t entry : traversalOrder) {
    if (entry < 0 || entry >= static_cast<int64_t>(count) || seen.test(entry))
      return "the traversal order of the sparse tensor is no permutation";
    seen.set(entry);
  }
  SmallVector<int64_t> blockSize(rank, 1);
  for (auto [level, entry] : llvm::zip_equal(levels, traversalOrder)) {
    if (entry < static_cast<int64_t>(rank))
      continue;
    int64_t dimension = blockMap[entry - rank];
    if (dimension < 0 || dimension >= static_cast<int64_t>(rank) || blocked.test(dimension))
      return "the block map of the sparse tensor names dimension " + std::to_string(dimension) +
             (dimension >= 0 && dimension < static_cast<int64_t>(rank) ? " twice" : "");
    blocked.set(dimension);
    if (level.compressed || level.size <= 0 || shape[dimension] % level.size != 0)
      return "dimension " + std::to_string(dimension) +
             " of the sparse tensor does not divide into its blocks";
    blockSize[dimension] = level.size;
    level.dimension = dimension;
    level.step = 1;
  }
  int64_t positions = 1;
  for (auto [number, level] : llvm::enumerate(levels)) {
    int64_t entry = traversalOrder[number];
    if (entry < static_cast<int64_t>(rank)) {
      level.dimension = entry;
      level.step = blockSize[entry];
      int64_t expected = shape[entry] / level.step;
      if (!level.compressed && level.size != expected)
        return "level " + std::to_string(number) + " of the sparse tensor has size " +
               std::to_string(level.size) + " instead of " + std::to_string(expected);
      level.size = expected;
    }
    if (level.compressed) {
      if (std::optional<std::string> fault = checkCompressed(level, positions, number))
        return fault;
      positions = level.indices.size();
    } else {
      std::optional<int64_t> product = llvm::checkedMul(positions, level.size);
      if (!product)
        return "the sparse tensor is too large";
      positions = *product;
    }
  }
  if (storedValues && positions != *storedValues)
    return "the sparse tensor has " + std::to_string(*storedValues) + " values for " +
           std::to_string(positions) + " positions";
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Walk
//===----------------------------------------------------------------------===//

namespace {

struct Walk {
  ArrayRef<SparseLevel> levels;
  SmallVector<int64_t> strides;
  llvm::function_ref<void(int64_t)> visit;

  void run(size_t depth, int64_t row, int64_t offset) const {
    if (depth == levels.size()) {
      visit(offset);
      return;
    }
    const SparseLevel &level = levels[depth];
    int64_t stride = strides[level.dimension] * level.step;
    if (level.compressed) {
      for (int64_t i = level.segments[row]; i < level.segments[row + 1]; ++i)
        run(depth + 1, i, offset + level.indices[i] * stride);
    } else {
      for (int64_t i = 0; i < level.size; ++i)
        run(depth + 1, row * level.size + i, offset + i * stride);
    }
  }
};

} // namespace

void SparseFormat::forEachValue(ArrayRef<int64_t> shape,
                                llvm::function_ref<void(int64_t)> visit) const {
  // Without elements there is nothing to find, however long the outer levels are.
  if (llvm::is_contained(shape, 0))
    return;
  Walk walk{levels, SmallVector<int64_t>(shape.size(), 1), visit};
  for (size_t i = shape.size(); i > 1; --i)
    walk.strides[i - 2] = walk.strides[i - 1] * shape[i - 1];
  walk.run(0, 0, 0);
}

//===----------------------------------------------------------------------===//
// Parameters of a file
//===----------------------------------------------------------------------===//

static std::vector<int64_t> readIndices(schema::SparseIndexVector kind, const void *table) {
  auto convert = [](auto *vector) -> std::vector<int64_t> {
    auto values = toArrayRef(vector);
    return {values.begin(), values.end()};
  };
  if (!table)
    return {};
  switch (kind) {
  case schema::SparseIndexVector::Int32Vector:
    return convert(static_cast<const schema::Int32Vector *>(table)->values());
  case schema::SparseIndexVector::Uint16Vector:
    return convert(static_cast<const schema::Uint16Vector *>(table)->values());
  case schema::SparseIndexVector::Uint8Vector:
    return convert(static_cast<const schema::Uint8Vector *>(table)->values());
  case schema::SparseIndexVector::NONE:
    break;
  }
  return {};
}

static SparseFormat readFormat(const schema::SparsityParameters &parameters) {
  SparseFormat format;
  ArrayRef<int32_t> order = toArrayRef(parameters.traversal_order());
  ArrayRef<int32_t> blocks = toArrayRef(parameters.block_map());
  format.traversalOrder.assign(order.begin(), order.end());
  format.blockMap.assign(blocks.begin(), blocks.end());
  if (!parameters.dim_metadata())
    return format;
  for (const schema::DimensionMetadata *metadata : *parameters.dim_metadata()) {
    SparseLevel &level = format.levels.emplace_back();
    level.compressed = metadata->format() == schema::DimensionType::SPARSE_CSR;
    level.size = metadata->dense_size();
    if (level.compressed) {
      level.segments = readIndices(metadata->array_segments_type(), metadata->array_segments());
      level.indices = readIndices(metadata->array_indices_type(), metadata->array_indices());
    }
  }
  return format;
}

/// Shape and number of stored values; the element type takes whole bytes.
static std::optional<std::string> resolve(SparseFormat &format, const schema::Tensor &tensor,
                                          ArrayRef<uint8_t> bytes) {
  unsigned elementBytes = getStoredBits(tensor.type()) / 8;
  if (bytes.size() % elementBytes != 0)
    return "has " + std::to_string(bytes.size()) + " bytes of values of " +
           std::to_string(elementBytes) + " bytes each";
  return format.resolve(getShape(tensor, /*dynamic=*/false), bytes.size() / elementBytes);
}

std::optional<std::string> checkSparsity(const schema::Tensor &tensor, ArrayRef<uint8_t> bytes) {
  if (getStoredBits(tensor.type()) < 8)
    return "a sparse constant of type " + getTypeName(tensor.type()).str() + " is not supported";
  if (sizeOf(tensor.shape()) == 0)
    return "has sparsity parameters but no dimensions";
  if (tensor.sparsity()->dim_metadata())
    for (const schema::DimensionMetadata *metadata : *tensor.sparsity()->dim_metadata())
      if (*schema::EnumNameDimensionType(metadata->format()) == '\0')
        return "unknown format " + std::to_string(static_cast<int>(metadata->format())) +
               " of a sparse dimension";
  SparseFormat format = readFormat(*tensor.sparsity());
  return resolve(format, tensor, bytes);
}

std::vector<char> densify(const schema::Tensor &tensor, ArrayRef<uint8_t> bytes) {
  SparseFormat format = readFormat(*tensor.sparsity());
  [[maybe_unused]] std::optional<std::string> fault = resolve(format, tensor, bytes);
  assert(!fault && "the tensor must have been checked");
  SmallVector<int64_t> shape = getShape(tensor, /*dynamic=*/false);
  size_t elementBytes = getStoredBits(tensor.type()) / 8;
  std::vector<char> dense(ShapedType::getNumElements(shape) * elementBytes);
  const uint8_t *next = bytes.data();
  format.forEachValue(shape, [&](int64_t position) {
    std::memcpy(dense.data() + position * elementBytes, next, elementBytes);
    next += elementBytes;
  });
  return dense;
}

//===----------------------------------------------------------------------===//
// Parameters as an attribute
//===----------------------------------------------------------------------===//

DictionaryAttr getSparsityAttr(const schema::SparsityParameters &parameters, MLIRContext *context) {
  SparseFormat format = readFormat(parameters);
  Builder builder(context);
  SmallVector<Attribute> levels;
  for (const SparseLevel &level : format.levels) {
    SmallVector<NamedAttribute> entries{
        builder.getNamedAttr("size", builder.getI64IntegerAttr(level.size))};
    if (level.compressed) {
      entries.push_back(
          builder.getNamedAttr("segments", builder.getDenseI64ArrayAttr(level.segments)));
      entries.push_back(
          builder.getNamedAttr("indices", builder.getDenseI64ArrayAttr(level.indices)));
    }
    levels.push_back(builder.getDictionaryAttr(entries));
  }
  return builder.getDictionaryAttr(
      {builder.getNamedAttr("traversal_order", builder.getDenseI64ArrayAttr(format.traversalOrder)),
       builder.getNamedAttr("block_map", builder.getDenseI64ArrayAttr(format.blockMap)),
       builder.getNamedAttr("levels", builder.getArrayAttr(levels))});
}

std::optional<SparseFormat> readSparsityAttr(DictionaryAttr attribute) {
  auto order = attribute.getAs<DenseI64ArrayAttr>("traversal_order");
  auto blocks = attribute.getAs<DenseI64ArrayAttr>("block_map");
  auto levels = attribute.getAs<ArrayAttr>("levels");
  if (!order || !blocks || !levels)
    return std::nullopt;
  SparseFormat format;
  format.traversalOrder.assign(order.asArrayRef().begin(), order.asArrayRef().end());
  format.blockMap.assign(blocks.asArrayRef().begin(), blocks.asArrayRef().end());
  for (Attribute element : levels) {
    auto entries = dyn_cast<DictionaryAttr>(element);
    auto size = entries ? entries.getAs<IntegerAttr>("size") : IntegerAttr();
    if (!size)
      return std::nullopt;
    SparseLevel &level = format.levels.emplace_back();
    level.size = size.getInt();
    auto segments = entries.getAs<DenseI64ArrayAttr>("segments");
    auto indices = entries.getAs<DenseI64ArrayAttr>("indices");
    level.compressed = segments && indices;
    if (level.compressed) {
      level.segments.assign(segments.asArrayRef().begin(), segments.asArrayRef().end());
      level.indices.assign(indices.asArrayRef().begin(), indices.asArrayRef().end());
    }
  }
  return format;
}

} // namespace tflc
