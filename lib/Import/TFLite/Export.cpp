//===- Export.cpp - from a tfl module to a .tflite file -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Import/Export.h"

#include "SubgraphExporter.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace tflc {

namespace {

using Vectors = std::vector<flatbuffers::Offset<schema::TensorMap>>;

class ModelExporter {
public:
  explicit ModelExporter(ModuleOp module) : module(module), buffers(builder), parts(builder) {}

  FailureOr<std::string> run();

private:
  bool addFunctions();
  bool addSignature(func::FuncOp function, const SubgraphExporter &subgraph, uint32_t number);
  bool addNames(func::FuncOp function, ArrayRef<int32_t> tensors, ArrayRef<DictionaryAttr> names,
                Vectors &entries);
  void addMetadata();

  ModuleOp module;
  flatbuffers::FlatBufferBuilder builder;
  BufferTable buffers;
  TensorParts parts;
  OperatorTable operators;
  std::vector<flatbuffers::Offset<schema::SubGraph>> subgraphs;
  std::vector<flatbuffers::Offset<schema::SignatureDef>> signatures;
  std::vector<flatbuffers::Offset<schema::Metadata>> metadata;
};

} // namespace

bool ModelExporter::addNames(func::FuncOp function, ArrayRef<int32_t> tensors,
                             ArrayRef<DictionaryAttr> names, Vectors &entries) {
  llvm::StringSet<> used;
  for (auto [tensor, attributes] : llvm::zip_equal(tensors, names)) {
    auto name = attributes.getAs<StringAttr>("tfl.signature_name");
    if (!name)
      name = attributes.getAs<StringAttr>("tfl.name");
    if (!name)
      name = StringAttr::get(module.getContext(), "");
    if (!used.insert(name.getValue()).second) {
      // The importer takes the tensor's own name where a signature says nothing.
      if (name == attributes.getAs<StringAttr>("tfl.name"))
        continue;
      function.emitError() << "two tensors of the signature have the name \"" << name.getValue()
                           << "\"";
      return false;
    }
    entries.push_back(schema::CreateTensorMap(
        builder, builder.CreateSharedString(name.getValue().data(), name.size()), tensor));
  }
  return true;
}

bool ModelExporter::addSignature(func::FuncOp function, const SubgraphExporter &subgraph,
                                 uint32_t number) {
  auto key = function->getAttrOfType<StringAttr>("tfl.signature");
  if (!key)
    return true;
  SmallVector<DictionaryAttr> inputNames, outputNames;
  function.getAllArgAttrs(inputNames);
  function.getAllResultAttrs(outputNames);
  Vectors inputs, outputs;
  if (!addNames(function, subgraph.getInputs(), inputNames, inputs) ||
      !addNames(function, subgraph.getOutputs(), outputNames, outputs))
    return false;
  auto inputVector = builder.CreateVector(inputs);
  auto outputVector = builder.CreateVector(outputs);
  auto keyText = builder.CreateString(key.data(), key.size());
  signatures.push_back(
      schema::CreateSignatureDef(builder, inputVector, outputVector, keyText, number));
  return true;
}

bool ModelExporter::addFunctions() {
  llvm::DenseMap<StringAttr, int32_t> numbers;
  for (auto function : module.getOps<func::FuncOp>())
    numbers[function.getSymNameAttr()] = static_cast<int32_t>(numbers.size());
  bool valid = true;
  for (auto [number, function] : llvm::enumerate(module.getOps<func::FuncOp>())) {
    SubgraphExporter subgraph(builder, buffers, parts, operators, numbers);
    if (failed(subgraph.run(function))) {
      valid = false;
      continue;
    }
    subgraphs.push_back(subgraph.getResult());
    valid &= addSignature(function, subgraph, static_cast<uint32_t>(number));
  }
  return valid;
}

void ModelExporter::addMetadata() {
  auto entries = module->getAttrOfType<ArrayAttr>("tfl.metadata");
  if (!entries)
    return;
  for (auto entry : entries.getAsRange<DictionaryAttr>()) {
    auto name = entry.getAs<StringAttr>("name");
    auto data = entry.getAs<StringAttr>("data");
    if (!name || !data)
      continue;
    uint32_t buffer = buffers.addBytes(data.getValue());
    metadata.push_back(
        schema::CreateMetadata(builder, builder.CreateString(name.data(), name.size()), buffer));
  }
}

FailureOr<std::string> ModelExporter::run() {
  if (!addFunctions())
    return failure();
  addMetadata();
  if (buffers.isTooLarge())
    return emitError(module.getLoc(), "a model with more than 2 GB of constants cannot be written");

  auto codes = operators.write(module, builder);
  auto subgraphVector = builder.CreateVector(subgraphs);
  flatbuffers::Offset<flatbuffers::String> description;
  if (auto text = module->getAttrOfType<StringAttr>("tfl.description"))
    description = builder.CreateString(text.data(), text.size());
  auto bufferVector = buffers.write();
  auto metadataVector = builder.CreateVector(metadata);
  auto signatureVector = builder.CreateVector(signatures);
  schema::ModelBuilder model(builder);
  constexpr uint32_t formatVersion = 3;
  model.add_version(formatVersion);
  model.add_operator_codes(codes);
  model.add_subgraphs(subgraphVector);
  if (!description.IsNull())
    model.add_description(description);
  model.add_buffers(bufferVector);
  if (!metadata.empty())
    model.add_metadata(metadataVector);
  model.add_signature_defs(signatureVector);
  schema::FinishModelBuffer(builder, model.Finish());
  return std::string(reinterpret_cast<const char *>(builder.GetBufferPointer()), builder.GetSize());
}

FailureOr<std::string> exportModel(ModuleOp module) { return ModelExporter(module).run(); }

} // namespace tflc
