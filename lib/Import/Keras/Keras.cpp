//===- Keras.cpp - the readers of .keras and .h5 files --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Archive.h"
#include "ModelBuilder.h"

#include "tflc/Import/FrontEnd.h"
#include "tflc/Support/Diagnostics.h"
#include "tflc/Support/ModelLocation.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

namespace {

/// Both kinds of file: they differ in where the configuration and the weights are.
class KerasReader {
public:
  KerasReader(const Source &source, MLIRContext *context, const ImportOptions &options)
      : source(source), options(options), builder(context),
        location(makeFileLocation(context, source.path)) {
    context->loadDialect<tf::TFDialect, func::FuncDialect>();
  }

  OwningOpRef<ModuleOp> readArchive();
  OwningOpRef<ModuleOp> readHDF5();

private:
  OwningOpRef<ModuleOp> report(const Twine &message) {
    emitError(location) << makePrintable(message.str());
    return nullptr;
  }
  OwningOpRef<ModuleOp> report(Error error) { return report(toString(std::move(error))); }
  /// Builds the model that `text` configures; `place` is where that stands.
  OwningOpRef<ModuleOp> build(StringRef text, StringRef place, const LayerWeights &weights,
                              bool isKeras2);

  LogicalResult overrideShapes(MutableArrayRef<ModelInput> inputs);

  const Source &source;
  const ImportOptions &options;
  OpBuilder builder;
  Location location;
};

class KerasFrontEnd : public FrontEnd {
public:
  StringRef getName() const override { return "Keras 3"; }
  SourceLevel getLevel() const override { return SourceLevel::TF; }

  bool recognizes(const Source &source) const override {
    return StringRef(source.contents).starts_with(StringRef("PK\3\4"));
  }

  OwningOpRef<ModuleOp> read(const Source &source, MLIRContext *context,
                             const ImportOptions &options) const override {
    return KerasReader(source, context, options).readArchive();
  }
};

class KerasHDF5FrontEnd : public FrontEnd {
public:
  StringRef getName() const override { return "Keras HDF5"; }
  SourceLevel getLevel() const override { return SourceLevel::TF; }

  bool recognizes(const Source &source) const override {
    return StringRef(source.contents).starts_with("\x89HDF\r\n\x1a\n");
  }

  OwningOpRef<ModuleOp> read(const Source &source, MLIRContext *context,
                             const ImportOptions &options) const override {
    return KerasReader(source, context, options).readHDF5();
  }
};

} // namespace

const FrontEnd &tflc::getKerasFrontEnd() {
  static const KerasFrontEnd frontEnd;
  return frontEnd;
}

const FrontEnd &tflc::getKerasHDF5FrontEnd() {
  static const KerasHDF5FrontEnd frontEnd;
  return frontEnd;
}

OwningOpRef<ModuleOp> KerasReader::readArchive() {
  Expected<Archive> archive = keras::readArchive(source.contents);
  if (!archive)
    return report(archive.takeError());
  Expected<HDF5File> file = HDF5File::open(archive->weights);
  if (!file)
    return report("model.weights.h5: " + toString(file.takeError()));
  bool isKeras2 = StringRef(archive->version).starts_with("2.") ||
                  file->exists("/_layer_checkpoint_dependencies");
  return build(archive->config, "config.json", LayerWeights::inTree(*file, "", &archive->assets),
               isKeras2);
}

OwningOpRef<ModuleOp> KerasReader::readHDF5() {
  Expected<HDF5File> file = HDF5File::open(source.contents);
  if (!file)
    return report(file.takeError());
  std::optional<std::string> text = file->readText("/", "model_config");
  if (!text)
    return report("the file holds weights but no model; save the whole model (model.save)");
  std::string version = file->readText("/", "keras_version").value_or("2");
  // Each layer has a group with the list of its weights; a nested model's are in one list.
  std::vector<ListedWeight> listed;
  for (const std::string &layer : file->readTexts("model_weights", "layer_names"))
    for (const std::string &weight : file->readTexts("model_weights/" + layer, "weight_names"))
      listed.push_back({layer, weight});
  return build(*text, "model_config",
               LayerWeights::inList(*file, "model_weights", std::move(listed)),
               /*isKeras2=*/!StringRef(version).starts_with("3"));
}

/// Gives inputs the shapes that the user wants. What the model says of its sizes stays true.
LogicalResult KerasReader::overrideShapes(MutableArrayRef<ModelInput> inputs) {
  for (const ShapeOverride &given : options.shapes) {
    ModelInput *found = nullptr;
    for (auto [i, input] : enumerate(inputs))
      if (input.name == given.input || std::to_string(i) == given.input)
        found = &input;
    if (!found)
      return emitError(location) << "the model has no input \"" << makePrintable(given.input)
                                 << "\" to give a shape";
    RankedTensorType type = RankedTensorType::get(given.shape, found->type.getElementType());
    if (failed(verifyCompatibleShape(type, found->type)))
      return emitError(location) << "input \"" << makePrintable(given.input) << "\" is a "
                                 << found->type << ", which does not go with " << type;
    found->type = type;
  }
  return success();
}

OwningOpRef<ModuleOp> KerasReader::build(StringRef text, StringRef place,
                                         const LayerWeights &weights, bool isKeras2) {
  Expected<json::Value> config = parseConfig(text);
  if (!config)
    return report(config.takeError());
  ConfigPositions positions(text, *config, place);
  const json::Object *model = config->getAsObject();
  StringRef kind = model ? model->getString("class_name").value_or("") : "";
  if (kind != "Sequential" && kind != "Functional" && kind != "Model") {
    auto error = emitError(location) << "the model is of class '" << makePrintable(kind)
                                     << "', which holds Python code";
    error.attachNote() << "help: export it as a SavedModel (model.export) and convert that";
    return nullptr;
  }
  OwningOpRef<ModuleOp> module(ModuleOp::create(builder, location));
  (*module)->setAttr("tfl.name", builder.getStringAttr(sys::path::stem(source.path)));
  builder.setInsertionPointToEnd(module->getBody());
  ModelBuilder work(builder, source.path, positions, isKeras2);
  if (failed(work.checkClasses(*model)))
    return nullptr;
  FailureOr<SmallVector<ModelInput>> inputs = work.readInputs(*model);
  if (failed(inputs) || failed(overrideShapes(*inputs)))
    return nullptr;

  SmallVector<Type> types;
  SmallVector<Attribute> inputNames, outputNames;
  auto name = [&](StringRef text) {
    return builder.getDictionaryAttr(
        {builder.getNamedAttr("tfl.name", builder.getStringAttr(text)),
         builder.getNamedAttr("tfl.signature_name", builder.getStringAttr(text))});
  };
  for (const ModelInput &input : *inputs) {
    types.push_back(input.type);
    inputNames.push_back(name(input.name));
  }
  auto function = func::FuncOp::create(builder, location, "serving_default",
                                       builder.getFunctionType(types, {}));
  function->setAttr("tfl.signature", builder.getStringAttr("serving_default"));
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  SmallVector<std::string> names;
  FailureOr<Values> results = work.build(*model, Values(body->getArguments()), weights, &names);
  if (failed(results))
    return nullptr;
  func::ReturnOp::create(builder, location, *results);
  function.setFunctionType(builder.getFunctionType(types, ValueRange(*results).getTypes()));
  for (StringRef text : names)
    outputNames.push_back(name(text));
  function.setAllArgAttrs(inputNames);
  function.setAllResultAttrs(outputNames);
  return module;
}
