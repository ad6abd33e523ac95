//===- SavedModel.cpp - folders with a saved_model.pb ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "GraphImporter.h"
#include "Initializers.h"
#include "TensorBundle.h"
#include "Values.h"

#include "Schema/saved_model.pb.h"
#include "TF/IR/TFDialect.h"
#include "TF/IR/VariableOps.h"
#include "tflc/Import/FrontEnd.h"
#include "tflc/Support/Diagnostics.h"
#include "tflc/Support/ModelLocation.h"
#include "tflc/Support/OutputFiles.h"

#include "google/protobuf/stubs/logging.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::savedmodel;

namespace {

class SavedModelReader {
public:
  SavedModelReader(StringRef path, MLIRContext *context, const ImportOptions &options)
      : path(path), context(context), options(options), location(makeFileLocation(context, path)) {}

  OwningOpRef<ModuleOp> run();

private:
  LogicalResult parseFile();
  const proto::MetaGraphDef *selectGraph();
  LogicalResult addSignatures(GraphImporter &graph);
  LogicalResult addInitialValues(GraphImporter &graph);
  LogicalResult addVariable(StringRef name, const InitialValue &value);
  LogicalResult addAsset(StringRef name, const Initializers::Table &table);
  LogicalResult addTable(StringRef name, const Initializers::Table &table);
  llvm::Expected<DenseElementsAttr> getValue(const InitialValue &value);
  LogicalResult report(llvm::Error error) {
    return emitError(location) << makePrintable(toString(std::move(error)));
  }

  std::string path;
  MLIRContext *context;
  const ImportOptions &options;
  Location location;
  OwningOpRef<ModuleOp> module;
  proto::SavedModel file;
  const proto::MetaGraphDef *meta = nullptr;
  std::optional<TensorBundle> bundle;
};

class SavedModelFrontEnd : public FrontEnd {
public:
  StringRef getName() const override { return "SavedModel"; }
  SourceLevel getLevel() const override { return SourceLevel::TF; }

  bool recognizes(const Source &source) const override {
    return source.isFolder && llvm::sys::fs::exists(source.path + "/saved_model.pb");
  }

  OwningOpRef<ModuleOp> read(const Source &source, MLIRContext *context,
                             const ImportOptions &options) const override {
    return SavedModelReader(source.path, context, options).run();
  }
};

} // namespace

const FrontEnd &tflc::getSavedModelFrontEnd() {
  static const SavedModelFrontEnd frontEnd;
  return frontEnd;
}

LogicalResult SavedModelReader::parseFile() {
  // What the parser finds is reported by us.
  google::protobuf::SetLogHandler(nullptr);
  llvm::Expected<std::string> bytes = readFile(path + "/saved_model.pb");
  if (!bytes)
    return report(bytes.takeError());
  if (!file.ParseFromString(*bytes))
    return emitError(location) << "saved_model.pb is damaged";
  return success();
}

const proto::MetaGraphDef *SavedModelReader::selectGraph() {
  // "serve" is the tag of the graph for inference; a file with one graph leaves no choice.
  for (const proto::MetaGraphDef &graph : file.meta_graphs())
    if (file.meta_graphs_size() == 1 ||
        (graph.meta_info_def().tags_size() == 1 && graph.meta_info_def().tags(0) == "serve"))
      return &graph;
  emitError(location) << "there are " << file.meta_graphs_size()
                      << " graphs, but none with the tag \"serve\" alone";
  return nullptr;
}

/// Signatures that initialize or train.
static bool isInternal(StringRef key) { return key.starts_with("__saved_model_"); }

/// Whether Keras wrote a function under two keys, `serve` and `serving_default`.
static bool isSecondKey(const proto::MetaGraphDef &meta, StringRef key) {
  auto other = meta.signature_def().find("serving_default");
  if (key != "serve" || other == meta.signature_def().end())
    return false;
  const proto::SignatureDef &mine = meta.signature_def().at("serve");
  auto haveSameNames = [](const auto &a, const auto &b) {
    return a.size() == b.size() &&
           llvm::all_of(a, [&](const auto &entry) { return b.contains(entry.first); });
  };
  return haveSameNames(mine.inputs(), other->second.inputs()) &&
         haveSameNames(mine.outputs(), other->second.outputs());
}

LogicalResult SavedModelReader::addSignatures(GraphImporter &graph) {
  std::map<std::string, const proto::SignatureDef *> signatures;
  for (const auto &[key, signature] : meta->signature_def())
    if (!isInternal(key) && !isSecondKey(*meta, key))
      signatures[key] = &signature;
  if (signatures.empty()) {
    auto error = emitError(location) << "the model has no signatures";
    error.attachNote() << "help: pass `signatures=` to tf.saved_model.save";
    return failure();
  }
  for (const auto &[key, signature] : signatures)
    if (failed(graph.addSignature(key, *signature, options.shapes)))
      return failure();
  return graph.addFunctions();
}

/// "4 6 0,2:-": the full shape, then start and length in each dimension, "-" for all of it.
static bool parseSlice(StringRef text, SmallVector<TensorExtent> &extents) {
  SmallVector<StringRef> words;
  text.split(words, ' ');
  StringRef spec = words.pop_back_val();
  SmallVector<StringRef> parts;
  spec.split(parts, ':');
  if (parts.size() != words.size())
    return false;
  for (auto [size, part] : llvm::zip_equal(words, parts)) {
    TensorExtent extent = {0, 0};
    auto [start, length] = part.split(',');
    if (part == "-"
            ? size.getAsInteger(10, extent.length)
            : start.getAsInteger(10, extent.start) || length.getAsInteger(10, extent.length))
      return false;
    extents.push_back(extent);
  }
  return true;
}

llvm::Expected<DenseElementsAttr> SavedModelReader::getValue(const InitialValue &value) {
  auto fault = [](const llvm::Twine &message) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
  };
  switch (value.kind) {
  case InitialValue::Constant:
    return readTensor(*value.tensor, context);
  case InitialValue::Restored: {
    if (!bundle) {
      llvm::Expected<TensorBundle> opened = TensorBundle::open(path + "/variables/variables");
      if (!opened)
        return opened.takeError();
      bundle = std::move(*opened);
    }
    if (value.slice.empty())
      return bundle->read(value.text, std::nullopt, context);
    SmallVector<TensorExtent> extents;
    if (!parseSlice(value.slice, extents))
      return fault("\"" + value.slice + "\" names no part of a tensor");
    return bundle->read(value.text, ArrayRef<TensorExtent>(extents), context);
  }
  default:
    return fault("the initial value is computed");
  }
}

LogicalResult SavedModelReader::addVariable(StringRef name, const InitialValue &initial) {
  llvm::Expected<DenseElementsAttr> value = getValue(initial);
  if (!value)
    return emitError(location) << "variable \"" << makePrintable(name)
                               << "\": " << makePrintable(toString(value.takeError()));
  OpBuilder builder = OpBuilder::atBlockBegin(module->getBody());
  tf::GlobalOp::create(builder, location, name, *value);
  return success();
}

/// The lines of an asset and their numbers.
LogicalResult SavedModelReader::addAsset(StringRef name, const Initializers::Table &table) {
  StringRef file = table.asset;
  // A file of the model, not one anywhere else.
  if (file.empty() || llvm::sys::path::filename(file) != file || file == "..")
    return emitError(location) << "table \"" << makePrintable(name) << "\": \""
                               << makePrintable(file) << "\" is no name of an asset";
  llvm::Expected<std::string> text = readFile((path + "/assets/" + file).str());
  if (!text)
    return report(text.takeError());
  SmallVector<StringRef> lines;
  StringRef(*text).rtrim('\n').split(lines, '\n');
  auto numbers = llvm::to_vector(llvm::seq<int64_t>(0, lines.size()));
  auto type = [&](Type elementType) {
    return RankedTensorType::get({int64_t(lines.size())}, elementType);
  };
  OpBuilder builder = OpBuilder::atBlockBegin(module->getBody());
  ElementsAttr texts = DenseStringElementsAttr::get(type(tf::StringType::get(context)), lines),
               places = tf::makeIntegers(type(builder.getI64Type()), numbers);
  tf::TableOp::create(builder, location, name, table.isByNumber ? places : texts,
                      table.isByNumber ? texts : places);
  return success();
}

LogicalResult SavedModelReader::addTable(StringRef name, const Initializers::Table &table) {
  if (!table.asset.empty())
    return addAsset(name, table);
  llvm::Expected<DenseElementsAttr> keys = getValue(table.keys), values = getValue(table.values);
  llvm::Error error = llvm::joinErrors(keys ? llvm::Error::success() : keys.takeError(),
                                       values ? llvm::Error::success() : values.takeError());
  if (error)
    return emitError(location) << "table \"" << makePrintable(name)
                               << "\": " << makePrintable(toString(std::move(error)));
  OpBuilder builder = OpBuilder::atBlockBegin(module->getBody());
  tf::TableOp::create(builder, location, name, *keys, *values);
  return success();
}

LogicalResult SavedModelReader::addInitialValues(GraphImporter &graph) {
  // What a loader runs: the checkpoint's restoration, then the initialization.
  SmallVector<std::string> entries;
  if (meta->saver_def().has_restore_op_name())
    entries.push_back(meta->saver_def().restore_op_name());
  for (const char *key : {"saved_model_main_op", "legacy_init_op"})
    if (auto found = meta->collection_def().find(key); found != meta->collection_def().end())
      for (const std::string &node : found->second.node_list().value())
        entries.push_back(node);
  if (auto found = meta->signature_def().find("__saved_model_init_op");
      found != meta->signature_def().end())
    for (const auto &[name, info] : found->second.outputs())
      entries.push_back(info.name());
  Initializers initializers(graph);
  for (const std::string &entry : entries)
    if (llvm::Error error = initializers.run(entry))
      return report(std::move(error));

  std::set<std::string> variables, tables;
  module->walk([&](Operation *op) {
    if (auto handle = dyn_cast<tf::VarHandleOp>(op))
      variables.insert(handle.getSharedName().str());
    else if (auto handle = dyn_cast<tf::HashTableV2Op>(op))
      tables.insert(handle.getSharedName().str());
  });
  for (const std::string &name : variables)
    if (auto found = initializers.variables.find(name); found != initializers.variables.end())
      if (failed(addVariable(name, found->second)))
        return failure();
  for (const std::string &name : tables)
    if (auto found = initializers.tables.find(name); found != initializers.tables.end())
      if (failed(addTable(name, found->second)))
        return failure();
  return success();
}

OwningOpRef<ModuleOp> SavedModelReader::run() {
  context->loadDialect<tf::TFDialect, func::FuncDialect>();
  if (failed(parseFile()) || !(meta = selectGraph()))
    return nullptr;
  OpBuilder builder(context);
  module = ModuleOp::create(builder, location);
  StringRef name = llvm::sys::path::filename(StringRef(path).rtrim('/'));
  (*module)->setAttr("tfl.name", builder.getStringAttr(name));
  (*module)->setAttr("tf.version",
                     builder.getStringAttr(meta->meta_info_def().tensorflow_version()));
  GraphImporter graph(*meta, path, *module);
  if (failed(graph.prepare()) || failed(addSignatures(graph)) || failed(addInitialValues(graph)))
    return nullptr;
  return std::move(module);
}
