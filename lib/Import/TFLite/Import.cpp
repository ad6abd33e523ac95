//===- Import.cpp - from a .tflite file to a tfl module -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Import/CustomFunctions.h"

#include "FunctionImporter.h"
#include "ModelFile.h"

#include "TFL/IR/ShapeValues.h"
#include "TFL/IR/TFLDialect.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

using namespace mlir;

namespace tflc {

namespace {

class ModelImporter {
public:
  ModelImporter(const ModelFile &file, const ImportOptions &options,
                ArrayRef<CustomFunction> customFunctions)
      : file(file), options(options), customFunctions(customFunctions), builder(file.context),
        overrideUsed(options.shapes.size()) {}

  OwningOpRef<ModuleOp> run();

private:
  void nameSubgraphs();
  void addModuleAttributes(ModuleOp module);
  const schema::SignatureDef *findSignature(uint32_t subgraph, size_t number) const;
  void addFunctions(ModuleOp module);
  bool hasOpenInputs() const;
  bool hasOpenResults() const;
  bool verifyOps(ModuleOp module);
  bool verifyFunction(func::FuncOp function);
  bool applyOverrides(ModuleOp module);

  const ModelFile &file;
  const ImportOptions &options;
  ArrayRef<CustomFunction> customFunctions;
  OpBuilder builder;
  SmallVector<StringAttr> symbols;
  llvm::StringSet<> usedSymbols;
  SmallVector<bool> overrideUsed;
  unsigned unsupported = 0;
  /// Whether shapes follow from those of the inputs instead of what the file notes for each tensor.
  bool infersShapes = false;
};

} // namespace

/// Letters, digits, '_', '.' and '-' of a name, the rest as '_'.
static std::string sanitize(StringRef name) {
  std::string result = name.str();
  for (char &c : result)
    if (!llvm::isAlnum(c) && c != '_' && c != '.' && c != '-')
      c = '_';
  if (!result.empty() && llvm::isDigit(result[0]))
    result.insert(0, "_");
  return result;
}

static std::string makeUnique(std::string name, llvm::StringSet<> &used) {
  std::string candidate = name;
  for (unsigned i = 1; !used.insert(candidate).second; ++i)
    candidate = name + "_" + std::to_string(i);
  return candidate;
}

void ModelImporter::nameSubgraphs() {
  for (uint32_t i = 0; i < file.model.subgraphs()->size(); ++i) {
    std::string name = sanitize(toStringRef(file.subgraph(i).name()));
    if (name.empty())
      name = i == 0 ? "main" : "subgraph_" + std::to_string(i);
    symbols.push_back(builder.getStringAttr(makeUnique(name, usedSymbols)));
  }
}

void ModelImporter::addModuleAttributes(ModuleOp module) {
  module->setAttr("tfl.name", builder.getStringAttr(llvm::sys::path::stem(file.name)));
  module->setAttr("tfl.version", builder.getI32IntegerAttr(file.model.version()));
  if (file.model.description())
    module->setAttr("tfl.description",
                    builder.getStringAttr(toStringRef(file.model.description())));

  // Versions of operators say which of their features a file uses; the greatest of each holds for
  // the whole model. The table may list operators that are not used.
  llvm::SmallVector<bool> used(sizeOf(file.model.operator_codes()));
  for (uint32_t subgraph = 0; subgraph < file.model.subgraphs()->size(); ++subgraph)
    for (uint32_t i = 0; i < sizeOf(file.subgraph(subgraph).operators()); ++i)
      used[file.op(subgraph, i).opcode_index()] = true;
  llvm::StringMap<int32_t> versions;
  for (size_t i = 0; i < used.size(); ++i) {
    if (!used[i])
      continue;
    const schema::OperatorCode &code = *file.model.operator_codes()->Get(i);
    int32_t &version = versions[getOperatorName(getOperatorCode(code))];
    version = std::max(version, code.version());
  }
  SmallVector<NamedAttribute> entries;
  for (const auto &entry : versions)
    if (!entry.getKey().empty() && entry.getValue() > 1)
      entries.push_back(
          builder.getNamedAttr(entry.getKey(), builder.getI32IntegerAttr(entry.getValue())));
  if (!entries.empty())
    module->setAttr("tfl.operator_versions", builder.getDictionaryAttr(entries));

  SmallVector<Attribute> metadata;
  for (size_t i = 0; i < sizeOf(file.model.metadata()); ++i) {
    const schema::Metadata &entry = *file.model.metadata()->Get(i);
    ArrayRef<uint8_t> bytes = *file.bufferBytes(entry.buffer());
    StringRef data(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    metadata.push_back(builder.getDictionaryAttr(
        {builder.getNamedAttr("name", builder.getStringAttr(toStringRef(entry.name()))),
         builder.getNamedAttr("data", builder.getStringAttr(data))}));
  }
  if (!metadata.empty())
    module->setAttr("tfl.metadata", builder.getArrayAttr(metadata));
}

const schema::SignatureDef *ModelImporter::findSignature(uint32_t subgraph, size_t number) const {
  for (size_t i = 0; i < sizeOf(file.model.signature_defs()); ++i) {
    const schema::SignatureDef *signature = file.model.signature_defs()->Get(i);
    if (signature->subgraph_index() == subgraph && number-- == 0)
      return signature;
  }
  return nullptr;
}

void ModelImporter::addFunctions(ModuleOp module) {
  constexpr llvm::StringLiteral defaultKey = "serving_default";
  bool defaultTaken = false;
  for (size_t i = 0; i < sizeOf(file.model.signature_defs()); ++i)
    defaultTaken |= toStringRef(file.model.signature_defs()->Get(i)->signature_key()) == defaultKey;

  builder.setInsertionPointToEnd(module.getBody());
  for (uint32_t subgraph = 0; subgraph < symbols.size(); ++subgraph) {
    FunctionImporter importer(file, options, customFunctions, symbols, builder);
    const schema::SignatureDef *signature = findSignature(subgraph, 0);
    std::optional<std::string> key;
    if (signature)
      key = toStringRef(signature->signature_key()).str();
    else if (subgraph == 0)
      key = defaultTaken ? symbols[0].str() : defaultKey.str();
    unsupported += importer.run(subgraph, symbols[subgraph], signature, key);

    // Callers see each signature as a function of its own.
    for (size_t number = 1; (signature = findSignature(subgraph, number)); ++number) {
      key = toStringRef(signature->signature_key()).str();
      std::string name = makeUnique(sanitize(symbols[subgraph].str() + "_" + *key), usedSymbols);
      importer.run(subgraph, builder.getStringAttr(name), signature, key);
    }
  }
}

/// Whether a signature leaves a dimension of an input open. What the file notes as its size is then
/// a placeholder, and so are the sizes that were computed from it.
bool ModelImporter::hasOpenInputs() const {
  for (uint32_t subgraph = 0; subgraph < symbols.size(); ++subgraph)
    for (int32_t input : toArrayRef(file.subgraph(subgraph).inputs()))
      if (llvm::is_contained(toArrayRef(file.tensor(subgraph, input).shape_signature()), -1))
        return true;
  return false;
}

/// Whether a dimension of any tensor is open, as where data decide on the size of a slice.
bool ModelImporter::hasOpenResults() const {
  for (uint32_t subgraph = 0; subgraph < symbols.size(); ++subgraph)
    for (size_t i = 0; i < sizeOf(file.model.subgraphs()->Get(subgraph)->tensors()); ++i)
      if (llvm::is_contained(toArrayRef(file.tensor(subgraph, i).shape_signature()), -1))
        return true;
  return false;
}

/// Gives the results of a sound op the shapes that follow from its operands.
static bool inferResultShapes(Operation *op) {
  auto inferable = dyn_cast<tfl::ShapeInferenceOpInterface>(op);
  return !inferable || succeeded(tfl::inferResultTypes(inferable));
}

/// Verifies the ops of a function in order. What depends on an op at fault is passed over: it could
/// only repeat the finding.
bool ModelImporter::verifyFunction(func::FuncOp function) {
  bool valid = succeeded(verify(function, /*verifyRecursively=*/false));
  llvm::DenseSet<Value> doubtful;
  for (Operation &op : function.front()) {
    bool isSound =
        llvm::none_of(op.getOperands(), [&](Value operand) { return doubtful.contains(operand); });
    if (isSound && infersShapes && isa<func::ReturnOp>(op))
      function.setFunctionType(
          builder.getFunctionType(function.getArgumentTypes(), op.getOperandTypes()));
    if (isSound) {
      isSound = succeeded(verify(&op, /*verifyRecursively=*/false)) &&
                (!infersShapes || inferResultShapes(&op));
      valid &= isSound;
    }
    if (!isSound || !op.isRegistered())
      doubtful.insert(op.result_begin(), op.result_end());
  }
  return valid;
}

bool ModelImporter::verifyOps(ModuleOp module) {
  // One by one, where a verification of the module would end at its first fault.
  bool valid = true;
  for (auto function : module.getOps<func::FuncOp>())
    valid &= verifyFunction(function);
  // The module looks at the symbols that ops use, and relies on the ops being right.
  return valid && succeeded(verify(module, /*verifyRecursively=*/false));
}

static StringRef getSignatureKey(func::FuncOp function) {
  auto key = function->getAttrOfType<StringAttr>("tfl.signature");
  return key ? key.getValue() : StringRef();
}

bool ModelImporter::applyOverrides(ModuleOp module) {
  for (auto function : module.getOps<func::FuncOp>()) {
    if (!function.isPublic())
      continue;
    bool isMain = function == *module.getOps<func::FuncOp>().begin();
    for (BlockArgument argument : function.getArguments()) {
      unsigned number = argument.getArgNumber();
      auto getName = [&](StringRef attribute) {
        auto name = function.getArgAttrOfType<StringAttr>(number, attribute);
        return name ? name.getValue() : StringRef();
      };
      for (auto [i, given] : llvm::enumerate(options.shapes)) {
        StringRef key = given.input;
        StringRef inSignature = key;
        bool isQualified = inSignature.consume_front(getSignatureKey(function)) &&
                           inSignature.consume_front("/") &&
                           inSignature == getName("tfl.signature_name");
        if (!isQualified && key != getName("tfl.signature_name") && key != getName("tfl.name") &&
            !(isMain && key == std::to_string(number)))
          continue;
        overrideUsed[i] = true;
        auto type = cast<RankedTensorType>(argument.getType());
        argument.setType(RankedTensorType::get(given.shape, type.getElementType()));
      }
    }
    function.setFunctionType(FunctionType::get(builder.getContext(),
                                               function.getBody().front().getArgumentTypes(),
                                               function.getResultTypes()));
  }
  bool valid = true;
  for (auto [given, used] : llvm::zip_equal(options.shapes, overrideUsed)) {
    if (used)
      continue;
    emitError(file.fileLocation())
        << "the model has no input \"" << given.input << "\" to give a shape";
    valid = false;
  }
  return valid;
}

OwningOpRef<ModuleOp> ModelImporter::run() {
  nameSubgraphs();
  OwningOpRef<ModuleOp> module = ModuleOp::create(builder, file.fileLocation());
  addModuleAttributes(*module);

  // Operators without a tfl op have a place in the module all the same, so that the faults of all
  // others are found.
  bool allowed = file.context->allowsUnregisteredDialects();
  file.context->allowUnregisteredDialects();
  llvm::scope_exit restore([&] { file.context->allowUnregisteredDialects(allowed); });
  addFunctions(*module);

  bool hasPlaceholders = hasOpenInputs();
  infersShapes =
      !options.allowUnsupported && (hasPlaceholders || hasOpenResults() || !options.shapes.empty());
  bool valid = applyOverrides(*module);
  valid &= verifyOps(*module);
  if (!valid && hasPlaceholders && !options.dynamic && options.shapes.empty())
    emitWarning(file.fileLocation()) << "unknown dimensions of inputs have the sizes that the file "
                                        "notes; --shape gives them others";
  if (!valid || (unsupported != 0 && !options.allowUnsupported))
    return nullptr;
  return module;
}

OwningOpRef<ModuleOp> importModel(llvm::MemoryBufferRef buffer, MLIRContext *context,
                                  const ImportOptions &options) {
  return importModel(buffer, context, options, {});
}

OwningOpRef<ModuleOp> importModel(llvm::MemoryBufferRef buffer, MLIRContext *context,
                                  const ImportOptions &options,
                                  ArrayRef<CustomFunction> customFunctions) {
  context->loadDialect<tfl::TFLDialect, func::FuncDialect, quant::QuantDialect>();
  std::unique_ptr<CheckedModel> model = CheckedModel::open(buffer, context, options.fileName);
  if (!model)
    return nullptr;
  return ModelImporter(model->getFile(), options, customFunctions).run();
}

} // namespace tflc
