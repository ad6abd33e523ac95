//===- CheckModel.cpp - checks a model file before IR is built ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ModelFile.h"
#include "Options.h"
#include "Types.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace tflc {

namespace {

/// Checks one subgraph: its lists of tensors and that operators run in an order in which their
/// inputs exist.
class SubgraphChecker {
public:
  SubgraphChecker(const ModelFile &file, uint32_t index, Findings &findings)
      : file(file), index(index), subgraph(file.subgraph(index)),
        tensors(sizeOf(subgraph.tensors())), origins(tensors, Origin::None), writers(tensors, 0),
        findings(findings) {}

  void check();

private:
  /// Where a tensor's value comes from, as far as the walk has come.
  enum class Origin : uint8_t { None, Input, Constant, Variable, State, Operator };

  void findOrigins();
  void checkOperator(uint32_t op);
  void checkCode(uint32_t op);
  void checkOptionsOf(uint32_t op, int32_t code);
  void checkOptionsTable(uint32_t op, const OptionsTable &expected, uint8_t tag, bool second,
                         const void *table);
  void checkOperands(uint32_t op);
  void checkResults(uint32_t op);
  void checkOutputs();
  bool isTensor(int32_t tensor) const {
    return tensor >= 0 && static_cast<size_t>(tensor) < tensors;
  }
  std::string noSuchTensor(int32_t tensor) const {
    return "tensor " + std::to_string(tensor) + ", the subgraph has " + std::to_string(tensors) +
           " tensors";
  }
  InFlightDiagnostic error(uint32_t op) { return findings.error(file.opLocation(index, op)); }
  InFlightDiagnostic subgraphError();

  const ModelFile &file;
  uint32_t index;
  const schema::SubGraph &subgraph;
  size_t tensors;
  std::vector<Origin> origins;
  /// The operator that writes a tensor of origin Operator.
  std::vector<uint32_t> writers;
  Findings &findings;
};

} // namespace

InFlightDiagnostic SubgraphChecker::subgraphError() {
  InFlightDiagnostic diagnostic = findings.error(file.fileLocation());
  if (sizeOf(file.model.subgraphs()) > 1)
    diagnostic << "subgraph " << index << ": ";
  return diagnostic;
}

void SubgraphChecker::check() {
  findOrigins();
  for (uint32_t op = 0, end = sizeOf(subgraph.operators()); op != end && !findings.full(); ++op)
    checkOperator(op);
  checkOutputs();
}

void SubgraphChecker::findOrigins() {
  for (uint32_t i = 0; i < tensors; ++i) {
    const schema::Tensor &tensor = file.tensor(index, i);
    std::optional<ArrayRef<uint8_t>> bytes;
    if (tensor.buffer() < sizeOf(file.model.buffers()))
      bytes = file.bufferBytes(tensor.buffer());
    // Without elements there are no values to store.
    bool empty = llvm::is_contained(toArrayRef(tensor.shape()), 0);
    if ((bytes && !bytes->empty()) || tensor.sparsity())
      origins[i] = Origin::Constant;
    else if (tensor.is_variable())
      origins[i] = Origin::Variable;
    else if (empty)
      origins[i] = Origin::Constant;
  }
  for (int32_t input : toArrayRef(subgraph.inputs())) {
    if (!isTensor(input)) {
      subgraphError() << "an input is " << noSuchTensor(input);
      continue;
    }
    bool empty = llvm::is_contained(toArrayRef(file.tensor(index, input).shape()), 0);
    if (origins[input] == Origin::Input)
      subgraphError() << file.describeTensor(index, input) << " is listed twice as an input";
    else if (origins[input] == Origin::Constant && !empty)
      subgraphError() << "the input " << file.describeTensor(index, input) << " is a constant";
    origins[input] = Origin::Input;
  }
}

void SubgraphChecker::checkOperator(uint32_t op) {
  checkCode(op);
  checkOperands(op);
  checkResults(op);
}

void SubgraphChecker::checkCode(uint32_t op) {
  const schema::Operator &operation = file.op(index, op);
  uint32_t entry = operation.opcode_index();
  if (entry >= sizeOf(file.model.operator_codes())) {
    error(op) << "operator code " << entry << " is not there, the model has "
              << sizeOf(file.model.operator_codes());
    return;
  }
  int32_t code = file.operatorCode(operation);
  StringRef name = getOperatorName(code);
  auto builtin = static_cast<schema::BuiltinOperator>(code);
  if (name.empty() || builtin == schema::BuiltinOperator::PLACEHOLDER_FOR_GREATER_OP_CODES ||
      builtin == schema::BuiltinOperator::DELEGATE) {
    error(op) << "unknown operator " << code << (name.empty() ? "" : " (") << name
              << (name.empty() ? "" : ")");
    return;
  }
  if (builtin == schema::BuiltinOperator::CUSTOM &&
      toStringRef(file.model.operator_codes()->Get(entry)->custom_code()).empty())
    error(op) << "custom operator without a name";
  checkOptionsOf(op, code);
  if (operation.large_custom_options_offset() > 1) {
    uint64_t offset = operation.large_custom_options_offset(),
             size = operation.large_custom_options_size();
    if (offset > file.bytes.size() || size > file.bytes.size() - offset)
      error(op) << "the options, " << size << " bytes at offset " << offset
                << ", are not in the file of " << file.bytes.size() << " bytes";
  }
  for (int32_t tensor : toArrayRef(operation.intermediates()))
    if (!isTensor(tensor))
      error(op) << "names " << noSuchTensor(tensor);
}

void SubgraphChecker::checkOptionsOf(uint32_t op, int32_t code) {
  const schema::Operator &operation = file.op(index, op);
  const OptionsTable &expected = getOptionsTable(code);
  checkOptionsTable(op, expected, static_cast<uint8_t>(operation.builtin_options_type()),
                    /*second=*/false, operation.builtin_options());
  checkOptionsTable(op, expected, static_cast<uint8_t>(operation.builtin_options_2_type()),
                    /*second=*/true, operation.builtin_options_2());
}

void SubgraphChecker::checkOptionsTable(uint32_t op, const OptionsTable &expected, uint8_t tag,
                                        bool second, const void *table) {
  if (tag == 0)
    return;
  OptionsTable given = getOptionsTable(tag, second);
  if (!given.object) {
    error(op) << "unknown kind of options " << static_cast<int>(tag);
    return;
  }
  if (!(given == expected)) {
    // Converters put the empty options of a related operator on some; they say nothing, so nothing
    // is lost.
    if (given.hasFields() || expected.hasFields())
      error(op) << "has options of another operator: expected " << expected.getName() << ", found "
                << given.getName();
    return;
  }
  if (table)
    checkOptions(*given.object, *static_cast<const flatbuffers::Table *>(table),
                 sizeOf(file.model.subgraphs()),
                 [&](const std::string &fault) { error(op) << fault; });
}

void SubgraphChecker::checkOperands(uint32_t op) {
  for (int32_t operand : toArrayRef(file.op(index, op).inputs())) {
    if (operand == -1) // an optional operand that is absent
      continue;
    if (!isTensor(operand)) {
      error(op) << "reads " << noSuchTensor(operand);
      continue;
    }
    // What is read before it is written keeps its value from the last invocation.
    if (origins[operand] == Origin::Variable)
      origins[operand] = Origin::State;
    if (origins[operand] != Origin::None)
      continue;
    if (findings.full())
      return;
    InFlightDiagnostic diagnostic = error(op);
    diagnostic << "reads " << file.describeTensor(index, operand);
    // The walk has not come to its writer; if there is one, that is a cycle or a wrong order.
    for (uint32_t other = op, end = sizeOf(subgraph.operators()); other != end; ++other) {
      if (llvm::is_contained(toArrayRef(file.op(index, other).outputs()), operand)) {
        diagnostic << (other == op ? " that it writes itself" : " before it is written");
        if (other != op)
          diagnostic.attachNote(file.opLocation(index, other)) << "it is written here";
        return;
      }
    }
    diagnostic << " that nothing writes";
  }
}

void SubgraphChecker::checkResults(uint32_t op) {
  ArrayRef<int32_t> results = toArrayRef(file.op(index, op).outputs());
  for (int32_t result : results) {
    if (!isTensor(result)) {
      error(op) << "writes " << noSuchTensor(result);
      continue;
    }
    bool empty = llvm::is_contained(toArrayRef(file.tensor(index, result).shape()), 0);
    switch (origins[result]) {
    case Origin::None:
    case Origin::Variable:
    case Origin::State:
      break;
    case Origin::Constant:
      if (!empty)
        error(op) << "writes the constant " << file.describeTensor(index, result);
      break;
    case Origin::Input:
      error(op) << "writes the input " << file.describeTensor(index, result);
      break;
    case Origin::Operator:
      if (file.tensor(index, result).is_variable())
        break;
      InFlightDiagnostic diagnostic = error(op);
      diagnostic << "writes " << file.describeTensor(index, result) << ", which is written already";
      diagnostic.attachNote(file.opLocation(index, writers[result])) << "it is written here first";
      break;
    }
    origins[result] = Origin::Operator;
    writers[result] = op;
  }
}

void SubgraphChecker::checkOutputs() {
  for (int32_t output : toArrayRef(subgraph.outputs())) {
    if (!isTensor(output))
      subgraphError() << "an output is " << noSuchTensor(output);
    else if (origins[output] == Origin::None)
      subgraphError() << "nothing writes the output " << file.describeTensor(index, output);
  }
}

//===----------------------------------------------------------------------===//
// Signatures and metadata
//===----------------------------------------------------------------------===//

/// Checks the names that a signature gives to the tensors of one list of its subgraph.
static void
checkTensorMap(const ModelFile &file, const schema::SignatureDef &signature, StringRef what,
               const flatbuffers::Vector<flatbuffers::Offset<schema::TensorMap>> *entries,
               ArrayRef<int32_t> tensors, Findings &findings) {
  std::string where = "signature \"" + toStringRef(signature.signature_key()).str() + "\": ";
  llvm::StringSet<> names;
  llvm::SmallDenseSet<int64_t> seen;
  for (size_t i = 0; i < sizeOf(entries) && !findings.full(); ++i) {
    const schema::TensorMap &entry = *entries->Get(i);
    StringRef name = toStringRef(entry.name());
    auto error = [&] {
      return findings.error(file.fileLocation()) << where << what << " \"" << name << "\" ";
    };
    if (!llvm::is_contained(tensors, static_cast<int64_t>(entry.tensor_index())))
      error() << "is tensor " << entry.tensor_index() << ", which is no " << what << " of subgraph "
              << signature.subgraph_index();
    else if (!names.insert(name).second)
      error() << "is listed twice";
    else if (!seen.insert(entry.tensor_index()).second && what == "input")
      error() << "is the same tensor as another";
  }
}

static void checkSignatures(const ModelFile &file, Findings &findings) {
  llvm::StringSet<> keys;
  for (size_t i = 0; i < sizeOf(file.model.signature_defs()) && !findings.full(); ++i) {
    const schema::SignatureDef &signature = *file.model.signature_defs()->Get(i);
    StringRef key = toStringRef(signature.signature_key());
    if (signature.subgraph_index() >= sizeOf(file.model.subgraphs())) {
      findings.error(file.fileLocation())
          << "signature \"" << key << "\" names subgraph " << signature.subgraph_index()
          << ", the model has " << sizeOf(file.model.subgraphs());
      continue;
    }
    if (!keys.insert(key).second)
      findings.error(file.fileLocation()) << "two signatures have the name \"" << key << "\"";
    const schema::SubGraph &subgraph = file.subgraph(signature.subgraph_index());
    checkTensorMap(file, signature, "input", signature.inputs(), toArrayRef(subgraph.inputs()),
                   findings);
    checkTensorMap(file, signature, "output", signature.outputs(), toArrayRef(subgraph.outputs()),
                   findings);
  }
}

static void checkMetadata(const ModelFile &file, Findings &findings) {
  size_t buffers = sizeOf(file.model.buffers());
  for (size_t i = 0; i < sizeOf(file.model.metadata()); ++i) {
    const schema::Metadata &entry = *file.model.metadata()->Get(i);
    if (entry.buffer() >= buffers || !file.bufferBytes(entry.buffer()))
      findings.error(file.fileLocation()) << "the buffer " << entry.buffer() << " of metadata \""
                                          << toStringRef(entry.name()) << "\" is not there";
  }
}

LogicalResult checkModel(const ModelFile &file) {
  Findings findings(file);
  constexpr uint32_t supportedVersion = 3;
  if (file.model.version() != supportedVersion)
    findings.error(file.fileLocation())
        << "version " << file.model.version() << " of the format is not supported, only "
        << supportedVersion << " is";
  size_t subgraphs = sizeOf(file.model.subgraphs());
  if (subgraphs == 0)
    findings.error(file.fileLocation()) << "the model has no subgraph";

  uint64_t constantBytes = 0;
  for (uint32_t subgraph = 0; subgraph < subgraphs && !findings.full(); ++subgraph) {
    for (uint32_t i = 0, end = sizeOf(file.subgraph(subgraph).tensors());
         i != end && !findings.full(); ++i)
      checkTensor(file, subgraph, i, findings, constantBytes);
    SubgraphChecker(file, subgraph, findings).check();
  }
  // Tensors may share a buffer, and sparse ones expand; a file that makes gigabytes of kilobytes
  // means harm.
  constexpr uint64_t allowance = uint64_t(64) << 20;
  if (constantBytes > llvm::SaturatingMultiply<uint64_t>(file.bytes.size(), 64) + allowance)
    findings.error(file.fileLocation()) << "the constants of this file of " << file.bytes.size()
                                        << " bytes expand to " << constantBytes << " bytes";
  checkSignatures(file, findings);
  checkMetadata(file, findings);
  return failure(findings.any());
}

unsigned measureStrings(const ModelFile &file) {
  unsigned room = minStringBytes;
  for (uint32_t subgraph = 0; subgraph < sizeOf(file.model.subgraphs()); ++subgraph)
    for (uint32_t i = 0, end = sizeOf(file.subgraph(subgraph).tensors()); i != end; ++i) {
      const schema::Tensor &tensor = file.tensor(subgraph, i);
      if (tensor.type() == schema::TensorType::STRING && !file.tensorBytes(tensor).empty())
        room = std::max(room, getStringRoom(file.tensorBytes(tensor)));
    }
  return room;
}

} // namespace tflc
