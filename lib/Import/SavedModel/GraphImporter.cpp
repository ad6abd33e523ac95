//===- GraphImporter.cpp - nodes as ops of the tf dialect -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "GraphImporter.h"

#include "Values.h"

#include "Schema/saved_model.pb.h"
#include "TF/IR/AttributeNames.h"
#include "TF/IR/TFDialect.h"
#include "tflc/Support/Diagnostics.h"
#include "tflc/Support/ModelLocation.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::savedmodel;

GraphImporter::GraphImporter(const proto::MetaGraphDef &graph, StringRef fileName, ModuleOp module)
    : graph(graph), fileName(fileName), module(module), context(module.getContext()) {}

Location GraphImporter::getLocation() const { return makeFileLocation(context, fileName); }

LogicalResult GraphImporter::prepare() {
  for (const proto::OpDef &definition : graph.meta_info_def().stripped_op_list().op())
    definitions[definition.name()] = &definition;
  for (const proto::FunctionDef &function : graph.graph_def().library().function())
    if (!functions.try_emplace(function.signature().name(), &function).second)
      return emitError(getLocation()) << "two functions have the name \""
                                      << makePrintable(function.signature().name()) << "\"";
  llvm::Expected<NodeTable> table = NodeTable::create(graph.graph_def().node());
  if (!table)
    return emitError(getLocation()) << makePrintable(toString(table.takeError()));
  nodes = std::move(*table);
  return success();
}

const proto::FunctionDef *GraphImporter::findFunction(StringRef name) const {
  return functions.lookup(name);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

LogicalResult GraphImporter::finish(func::FuncOp function, ArrayRef<Value> results,
                                    OpBuilder &builder) {
  func::ReturnOp::create(builder, function.getLoc(), results);
  function.setFunctionType(FunctionType::get(context, function.getBody().front().getArgumentTypes(),
                                             ValueRange(results).getTypes()));
  return success();
}

LogicalResult GraphImporter::addFunction(const proto::FunctionDef &definition) {
  const proto::OpDef &signature = definition.signature();
  llvm::Expected<NodeTable> table = NodeTable::create(definition.node_def());
  if (!table)
    return emitError(getLocation()) << makePrintable(toString(table.takeError()));
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  auto function = func::FuncOp::create(builder, getLocation(), signature.name(),
                                       builder.getFunctionType({}, {}));
  function.setPrivate();
  // What the function computes, where its author gave it a name that others may know, and of what
  // shapes: what is known by its name is not looked into.
  const proto::AttrValue::ListValue *shapes = nullptr;
  if (auto implements = definition.attr().find("_implements");
      implements != definition.attr().end() && !implements->second.s().empty()) {
    function->setAttr(tf::implementsAttr, builder.getStringAttr(implements->second.s()));
    if (auto given = definition.attr().find("_input_shapes"); given != definition.attr().end())
      shapes = &given->second.list();
  }
  Block *block = function.addEntryBlock();
  builder.setInsertionPointToEnd(block);
  Body body{*table, ++bodies, /*isFunction=*/true, {}, {}};
  for (const proto::OpDef::ArgDef &argument : signature.input_arg()) {
    Type type = getElementType(argument.type(), context);
    if (!type || !body.given.insert(argument.name()).second)
      return emitError(getLocation()) << "function \"" << signature.name()
                                      << "\" has an argument without a type or name of its own";
    TensorType tensor = UnrankedTensorType::get(type);
    if (int number = block->getNumArguments(); shapes && number < shapes->shape_size())
      tensor = tf::makeType(savedmodel::getShape(shapes->shape(number)), type);
    body.results[argument.name()].values = {block->addArgument(tensor, getLocation())};
  }
  std::vector<unsigned> all(table->size());
  for (unsigned i = 0; i < all.size(); ++i)
    all[i] = i;
  llvm::Expected<std::vector<unsigned>> order = table->sort(all, body.given);
  if (!order)
    return emitError(getLocation()) << makePrintable(toString(order.takeError()));
  if (failed(addNodes(body, *order, builder)))
    return failure();
  SmallVector<Value> results;
  for (const proto::OpDef::ArgDef &output : signature.output_arg()) {
    auto name = definition.ret().find(output.name());
    if (name == definition.ret().end())
      return emitError(getLocation())
             << "function \"" << signature.name() << "\" does not say what it returns";
    FailureOr<Value> value = lookup(body, name->second, getLocation());
    if (failed(value))
      return failure();
    results.push_back(*value);
  }
  return finish(function, results, builder);
}

std::optional<std::string> GraphImporter::findAsset(StringRef node) const {
  for (const proto::AssetFileDef &asset : graph.asset_file_def())
    if (std::optional<InputName> name = InputName::parse(asset.tensor_info().name());
        name && name->node == node)
      return asset.filename();
  return std::nullopt;
}

LogicalResult GraphImporter::addFunctions() {
  while (!pending.empty()) {
    std::string name = std::move(pending.front());
    pending.pop_front();
    // A missing function shows where it is called.
    if (const proto::FunctionDef *function = findFunction(name))
      if (failed(addFunction(*function)))
        return failure();
  }
  return success();
}

LogicalResult GraphImporter::addSignature(StringRef key, const proto::SignatureDef &signature,
                                          ArrayRef<ShapeOverride> shapes) {
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  auto function = func::FuncOp::create(builder, getLocation(), ("signature." + key).str(),
                                       builder.getFunctionType({}, {}));
  Block *block = function.addEntryBlock();
  builder.setInsertionPointToEnd(block);
  Body body{nodes, 0, /*isFunction=*/false, {}, {}};
  // The order of a map in a file is that of its writer's hash table; ours is by name.
  std::map<std::string, proto::TensorInfo> inputs(signature.inputs().begin(),
                                                  signature.inputs().end()),
      outputs(signature.outputs().begin(), signature.outputs().end());
  SmallVector<DictionaryAttr> argumentAttributes, resultAttributes;
  auto getNames = [&](StringRef name, const proto::TensorInfo &info) {
    return builder.getDictionaryAttr(
        {builder.getNamedAttr("tfl.signature_name", builder.getStringAttr(name)),
         builder.getNamedAttr("tfl.name", builder.getStringAttr(info.name()))});
  };
  for (const auto &[name, info] : inputs) {
    Type type = getElementType(info.dtype(), context);
    std::optional<InputName> place = InputName::parse(info.name());
    if (!type || !place || place->isControl || !nodes.find(place->node) || place->index != 0 ||
        !body.given.insert(place->node).second)
      return emitError(getLocation()) << "input \"" << makePrintable(name) << "\" of signature \""
                                      << makePrintable(key) << "\" is no tensor of the graph";
    TensorType tensor = tf::makeType(savedmodel::getShape(info.tensor_shape()), type);
    for (const ShapeOverride &given : shapes)
      if (given.input == name || given.input == info.name() ||
          given.input == (key + "/" + name).str())
        tensor = RankedTensorType::get(given.shape, type);
    body.results[place->node].values = {block->addArgument(tensor, getLocation())};
    argumentAttributes.push_back(getNames(name, info));
  }
  std::vector<unsigned> roots;
  for (const auto &[name, info] : outputs) {
    std::optional<InputName> place = InputName::parse(info.name());
    std::optional<unsigned> node = place ? nodes.find(place->node) : std::nullopt;
    if (!node)
      return emitError(getLocation()) << "output \"" << makePrintable(name) << "\" of signature \""
                                      << makePrintable(key) << "\" is no tensor of the graph";
    if (!body.given.contains(place->node))
      roots.push_back(*node);
  }
  llvm::Expected<std::vector<unsigned>> order = nodes.sort(roots, body.given);
  if (!order)
    return emitError(getLocation()) << makePrintable(toString(order.takeError()));
  if (failed(addNodes(body, *order, builder)))
    return failure();
  SmallVector<Value> results;
  for (const auto &[name, info] : outputs) {
    FailureOr<Value> value = lookup(body, info.name(), getLocation());
    if (failed(value))
      return failure();
    results.push_back(*value);
    resultAttributes.push_back(getNames(name, info));
  }
  if (failed(finish(function, results, builder)))
    return failure();
  function.setAllArgAttrs(argumentAttributes);
  function.setAllResultAttrs(resultAttributes);
  function->setAttr("tfl.signature", builder.getStringAttr(key));
  return success();
}
