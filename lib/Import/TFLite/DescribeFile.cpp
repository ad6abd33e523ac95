//===- DescribeFile.cpp - a .tflite file in its own numbers ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Import/DescribeFile.h"

#include "ModelFile.h"
#include "Types.h"

#include "TFL/IR/TFLDialect.h"

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/MLIRContext.h"

using namespace llvm;
using namespace tflc;

namespace {
class FileDescriber {
public:
  explicit FileDescriber(const ModelFile &file) : file(file) {}

  json::Object describe() const;

private:
  json::Object describeTensor(const schema::Tensor &tensor) const;
  json::Object describeOperator(uint32_t subgraph, uint32_t index) const;
  json::Object describeSubgraph(uint32_t index) const;

  const ModelFile &file;
};
} // namespace

static json::Value toText(const flatbuffers::String *text) {
  return json::fixUTF8(toStringRef(text));
}

template <typename T> static json::Array toNumbers(ArrayRef<T> numbers) {
  json::Array array;
  for (T number : numbers)
    array.push_back(number);
  return array;
}

/// The numbers of a vector that a file stores in one of three widths.
static json::Array readIndices(schema::SparseIndexVector kind, const void *table) {
  switch (kind) {
  case schema::SparseIndexVector::Int32Vector:
    return toNumbers(toArrayRef(static_cast<const schema::Int32Vector *>(table)->values()));
  case schema::SparseIndexVector::Uint16Vector:
    return toNumbers(toArrayRef(static_cast<const schema::Uint16Vector *>(table)->values()));
  case schema::SparseIndexVector::Uint8Vector:
    return toNumbers(toArrayRef(static_cast<const schema::Uint8Vector *>(table)->values()));
  default:
    return {};
  }
}

static json::Object describeSparsity(const schema::SparsityParameters &sparsity) {
  json::Array levels;
  for (size_t i = 0; i < sizeOf(sparsity.dim_metadata()); ++i) {
    const schema::DimensionMetadata &level = *sparsity.dim_metadata()->Get(i);
    if (level.format() == schema::DimensionType::DENSE)
      levels.push_back(json::Object{{"format", 0}, {"dense_size", level.dense_size()}});
    else
      levels.push_back(json::Object{
          {"format", 1},
          {"array_segments", readIndices(level.array_segments_type(), level.array_segments())},
          {"array_indices", readIndices(level.array_indices_type(), level.array_indices())}});
  }
  return json::Object{{"traversal_order", toNumbers(toArrayRef(sparsity.traversal_order()))},
                      {"block_map", toNumbers(toArrayRef(sparsity.block_map()))},
                      {"dim_metadata", std::move(levels)}};
}

json::Object FileDescriber::describeTensor(const schema::Tensor &tensor) const {
  json::Object object{{"name", toText(tensor.name())},
                      {"type", getTypeName(tensor.type())},
                      {"shape", toNumbers(toArrayRef(tensor.shape()))}};
  if (sizeOf(tensor.shape_signature()))
    object["shape_signature"] = toNumbers(toArrayRef(tensor.shape_signature()));
  if (tensor.is_variable())
    object["variable"] = true;
  if (const schema::QuantizationParameters *quantization = tensor.quantization();
      quantization && sizeOf(quantization->scale())) {
    object["scales"] = toNumbers(toArrayRef(quantization->scale()));
    object["zero_points"] = toNumbers(toArrayRef(quantization->zero_point()));
    object["dimension"] = quantization->quantized_dimension();
  }
  if (ArrayRef<uint8_t> bytes = file.tensorBytes(tensor); !bytes.empty())
    object["data"] = json::Array{int64_t(bytes.data() - file.bytes.data()), int64_t(bytes.size())};
  if (tensor.sparsity())
    object["sparsity"] = describeSparsity(*tensor.sparsity());
  return object;
}

json::Object FileDescriber::describeOperator(uint32_t subgraph, uint32_t index) const {
  const schema::Operator &op = file.op(subgraph, index);
  const schema::OperatorCode &code = *file.model.operator_codes()->Get(op.opcode_index());
  StringRef name = toStringRef(code.custom_code());
  if (name.empty())
    name = getOperatorName(getOperatorCode(code));
  return json::Object{{"name", json::fixUTF8(name)},
                      {"inputs", toNumbers(toArrayRef(op.inputs()))},
                      {"outputs", toNumbers(toArrayRef(op.outputs()))}};
}

json::Object FileDescriber::describeSubgraph(uint32_t index) const {
  const schema::SubGraph &subgraph = file.subgraph(index);
  json::Array tensors, operators;
  for (uint32_t i = 0; i < sizeOf(subgraph.tensors()); ++i)
    tensors.push_back(describeTensor(file.tensor(index, i)));
  for (uint32_t i = 0; i < sizeOf(subgraph.operators()); ++i)
    operators.push_back(describeOperator(index, i));
  return json::Object{{"name", toText(subgraph.name())},
                      {"inputs", toNumbers(toArrayRef(subgraph.inputs()))},
                      {"outputs", toNumbers(toArrayRef(subgraph.outputs()))},
                      {"tensors", std::move(tensors)},
                      {"operators", std::move(operators)}};
}

using TensorMaps = flatbuffers::Vector<flatbuffers::Offset<schema::TensorMap>>;

static json::Array describeMaps(const TensorMaps *maps) {
  json::Array array;
  for (size_t i = 0; i < sizeOf(maps); ++i)
    array.push_back(json::Array{toText(maps->Get(i)->name()), maps->Get(i)->tensor_index()});
  return array;
}

json::Object FileDescriber::describe() const {
  json::Array signatures, subgraphs;
  for (size_t i = 0; i < sizeOf(file.model.signature_defs()); ++i) {
    const schema::SignatureDef &signature = *file.model.signature_defs()->Get(i);
    signatures.push_back(json::Object{{"key", toText(signature.signature_key())},
                                      {"subgraph", signature.subgraph_index()},
                                      {"inputs", describeMaps(signature.inputs())},
                                      {"outputs", describeMaps(signature.outputs())}});
  }
  for (uint32_t i = 0; i < file.model.subgraphs()->size(); ++i)
    subgraphs.push_back(describeSubgraph(i));
  return json::Object{{"version", file.model.version()},
                      {"description", toText(file.model.description())},
                      {"signatures", std::move(signatures)},
                      {"subgraphs", std::move(subgraphs)}};
}

std::optional<json::Object> tflc::describeFile(MemoryBufferRef file, mlir::MLIRContext *context,
                                               StringRef name) {
  // The checks build types of these.
  context->loadDialect<tfl::TFLDialect, mlir::quant::QuantDialect>();
  std::unique_ptr<CheckedModel> model = CheckedModel::open(file, context, name);
  if (!model)
    return std::nullopt;
  return FileDescriber(model->getFile()).describe();
}
