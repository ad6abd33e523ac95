//===- ExportTables.cpp - what all subgraphs of a file share --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ExportTables.h"

#include "Constants.h"
#include "Sparsity.h"
#include "Types.h"

#include "TFL/IR/BlockQuantization.h"
#include "TFL/IR/ElementTypes.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;

namespace tflc {

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

/// Kernels read constants in place, with instructions that want this.
static constexpr size_t bufferAlignment = 16;

BufferTable::BufferTable(flatbuffers::FlatBufferBuilder &builder) : builder(builder) {
  // Number 0 stands for "no values".
  entries.push_back(schema::CreateBuffer(builder));
}

uint32_t BufferTable::addBytes(StringRef bytes) {
  // Leaves room for the tables that follow.
  constexpr size_t limit = size_t(2000) << 20;
  tooLarge |= builder.GetSize() + bytes.size() > limit;
  if (tooLarge || bytes.empty())
    return 0;
  builder.ForceVectorAlignment(bytes.size(), 1, bufferAlignment);
  auto data = builder.CreateVector(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size());
  entries.push_back(schema::CreateBuffer(builder, data));
  uint32_t number = entries.size() - 1;
  written.emplace(llvm::xxh3_64bits(bytes), std::pair(data, number));
  return number;
}

std::optional<uint32_t> BufferTable::find(StringRef bytes) const {
  auto [first, last] = written.equal_range(llvm::xxh3_64bits(bytes));
  for (const auto &[hash, entry] : llvm::make_range(first, last)) {
    const auto *present = flatbuffers::GetTemporaryPointer(builder, entry.first);
    if (StringRef(reinterpret_cast<const char *>(present->data()), present->size()) == bytes)
      return entry.second;
  }
  return std::nullopt;
}

/// The values of a sparse constant that a file stores, in their order.
static std::optional<std::string> gather(DenseElementsAttr value, schema::TensorType type,
                                         DictionaryAttr sparsity) {
  std::optional<SparseFormat> format = readSparsityAttr(sparsity);
  unsigned elementBytes = getStoredBits(type) / 8;
  if (!format || elementBytes == 0)
    return std::nullopt;
  ArrayRef<int64_t> shape = value.getType().getShape();
  std::string dense = getConstantBytes(value, type), result;
  if (format->resolve(shape, /*storedValues=*/std::nullopt))
    return std::nullopt;
  format->forEachValue(shape, [&](int64_t position) {
    result.append(dense, position * elementBytes, elementBytes);
  });
  return result;
}

std::optional<uint32_t> BufferTable::addConstant(DenseElementsAttr value, schema::TensorType type,
                                                 DictionaryAttr sparsity) {
  Key key{{value, sparsity}, static_cast<int>(type)};
  if (auto found = constants.find(key); found != constants.end())
    return found->second;
  std::string bytes;
  if (sparsity) {
    std::optional<std::string> stored = gather(value, type, sparsity);
    if (!stored)
      return std::nullopt;
    bytes = std::move(*stored);
  } else {
    bytes = getConstantBytes(value, type);
  }
  std::optional<uint32_t> present = find(bytes);
  return constants[key] = present ? *present : addBytes(bytes);
}

flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<schema::Buffer>>> BufferTable::write() {
  return builder.CreateVector(entries);
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

uint32_t OperatorTable::getIndex(int32_t code, StringRef customCode) {
  std::pair<int32_t, std::string> entry(code, customCode.str());
  auto found = llvm::find(entries, entry);
  if (found == entries.end())
    found = entries.insert(entries.end(), entry);
  return found - entries.begin();
}

flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<schema::OperatorCode>>>
OperatorTable::write(ModuleOp module, flatbuffers::FlatBufferBuilder &builder) const {
  auto versions = module->getAttrOfType<DictionaryAttr>("tfl.operator_versions");
  std::vector<flatbuffers::Offset<schema::OperatorCode>> result;
  for (const auto &[code, customCode] : entries) {
    auto version = versions ? versions.getAs<IntegerAttr>(getOperatorName(code)) : IntegerAttr();
    flatbuffers::Offset<flatbuffers::String> name;
    if (!customCode.empty())
      name = builder.CreateString(customCode);
    constexpr auto oldEnd =
        static_cast<int32_t>(schema::BuiltinOperator::PLACEHOLDER_FOR_GREATER_OP_CODES);
    schema::OperatorCodeBuilder entry(builder);
    // Older readers know the older field alone.
    entry.add_deprecated_builtin_code(static_cast<int8_t>(std::min(code, oldEnd)));
    entry.add_builtin_code(static_cast<schema::BuiltinOperator>(code));
    entry.add_version(version ? static_cast<int32_t>(version.getInt()) : 1);
    if (!name.IsNull())
      entry.add_custom_code(name);
    result.push_back(entry.Finish());
  }
  return builder.CreateVector(result);
}

//===----------------------------------------------------------------------===//
// Parts of tensors
//===----------------------------------------------------------------------===//

flatbuffers::Offset<schema::QuantizationParameters>
TensorParts::writeQuantization(Type elementType, Operation *constant, int32_t blockScales) {
  if (auto blocks = dyn_cast<quant::UniformQuantizedSubChannelType>(elementType)) {
    auto details = schema::CreateBlockwiseQuantization(
        builder, blockScales, /*zero_points=*/-1,
        static_cast<int32_t>(tfl::getBlockQuantization(blocks)->blockSize));
    schema::QuantizationParametersBuilder parameters(builder);
    parameters.add_details_type(schema::QuantizationDetails::BlockwiseQuantization);
    parameters.add_details(details.Union());
    return parameters.Finish();
  }
  std::vector<float> scales;
  std::vector<int64_t> zeroPoints;
  int32_t dimension = 0;
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(elementType)) {
    scales.push_back(static_cast<float>(uniform.getScale()));
    zeroPoints.push_back(uniform.getZeroPoint());
  } else if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(elementType)) {
    scales.assign(perAxis.getScales().begin(), perAxis.getScales().end());
    zeroPoints.assign(perAxis.getZeroPoints().begin(), perAxis.getZeroPoints().end());
    dimension = perAxis.getQuantizedDimension();
  } else if (constant) {
    // A wide bias, whose type cannot say it.
    auto noted = constant->getAttrOfType<DenseF32ArrayAttr>("scale");
    auto notedDimension = constant->getAttrOfType<IntegerAttr>("quantized_dimension");
    if (noted)
      scales.assign(noted.asArrayRef().begin(), noted.asArrayRef().end());
    if (notedDimension)
      dimension = static_cast<int32_t>(notedDimension.getInt());
    zeroPoints.assign(scales.size(), 0);
  }
  if (scales.empty())
    return {};
  auto scaleVector = builder.CreateVector(scales);
  // Most are as many zeros as there are channels.
  auto zeroPointVector = getVector(zeroPoints, zeroPointVectors);
  schema::QuantizationParametersBuilder parameters(builder);
  parameters.add_scale(scaleVector);
  parameters.add_zero_point(zeroPointVector);
  parameters.add_quantized_dimension(dimension);
  return parameters.Finish();
}

flatbuffers::Offset<schema::QuantizationParameters>
TensorParts::getQuantization(Type elementType, Operation *constant, int32_t blockScales) {
  if (!isa<quant::UniformQuantizedType, quant::UniformQuantizedPerAxisType>(elementType))
    return writeQuantization(elementType, constant, blockScales);
  auto [entry, isNew] = quantizations.try_emplace(elementType);
  if (isNew)
    entry->second = writeQuantization(elementType, constant, blockScales);
  return entry->second;
}

/// Indices in the narrowest form that holds them.
static std::pair<schema::SparseIndexVector, flatbuffers::Offset<void>>
writeIndices(ArrayRef<int64_t> values, flatbuffers::FlatBufferBuilder &builder) {
  int64_t largest = values.empty() ? 0 : *llvm::max_element(values);
  if (largest <= UINT8_MAX) {
    std::vector<uint8_t> narrow(values.begin(), values.end());
    return {schema::SparseIndexVector::Uint8Vector,
            schema::CreateUint8Vector(builder, builder.CreateVector(narrow)).Union()};
  }
  if (largest <= UINT16_MAX) {
    std::vector<uint16_t> narrow(values.begin(), values.end());
    return {schema::SparseIndexVector::Uint16Vector,
            schema::CreateUint16Vector(builder, builder.CreateVector(narrow)).Union()};
  }
  std::vector<int32_t> wide(values.begin(), values.end());
  return {schema::SparseIndexVector::Int32Vector,
          schema::CreateInt32Vector(builder, builder.CreateVector(wide)).Union()};
}

flatbuffers::Offset<schema::SparsityParameters>
writeSparsity(DictionaryAttr attribute, flatbuffers::FlatBufferBuilder &builder) {
  std::optional<SparseFormat> format = readSparsityAttr(attribute);
  if (!format)
    return {};
  std::vector<flatbuffers::Offset<schema::DimensionMetadata>> levels;
  for (const SparseLevel &level : format->levels) {
    auto kind = level.compressed ? schema::DimensionType::SPARSE_CSR : schema::DimensionType::DENSE;
    if (!level.compressed) {
      levels.push_back(schema::CreateDimensionMetadata(builder, kind, level.size));
      continue;
    }
    auto [segmentsKind, segments] = writeIndices(level.segments, builder);
    auto [indicesKind, indices] = writeIndices(level.indices, builder);
    levels.push_back(schema::CreateDimensionMetadata(builder, kind, level.size, segmentsKind,
                                                     segments, indicesKind, indices));
  }
  std::vector<int32_t> order(format->traversalOrder.begin(), format->traversalOrder.end());
  std::vector<int32_t> blocks(format->blockMap.begin(), format->blockMap.end());
  auto orderVector = builder.CreateVector(order);
  auto blockVector = builder.CreateVector(blocks);
  auto levelVector = builder.CreateVector(levels);
  return schema::CreateSparsityParameters(builder, orderVector, blockVector, levelVector);
}

} // namespace tflc
