//===- GraphNodes.cpp - one node as one op --------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "GraphImporter.h"

#include "Attributes.h"
#include "PlainNodes.h"
#include "Values.h"

#include "Schema/graph.pb.h"
#include "TF/IR/TFDialect.h"
#include "TF/IR/VariableOps.h"
#include "tflc/Support/Diagnostics.h"
#include "tflc/Support/ModelLocation.h"

#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::savedmodel;

FailureOr<Value> GraphImporter::lookup(const Body &body, StringRef name, Location location) const {
  std::optional<InputName> input = InputName::parse(name);
  auto found = input ? body.results.find(input->node) : body.results.end();
  if (!input || found == body.results.end())
    return emitError(location) << "there is no tensor \"" << makePrintable(name) << "\"";
  const Results &results = found->second;
  size_t index = input->index;
  if (!input->argument.empty()) {
    auto argument = llvm::find_if(results.arguments, [&](const Results::Argument &candidate) {
      return candidate.name == input->argument;
    });
    // Without a definition, the one output of an operation has no name.
    if (argument == results.arguments.end() && results.arguments.empty())
      return index < results.values.size()
                 ? FailureOr<Value>(results.values[index])
                 : emitError(location) << "there is no tensor \"" << makePrintable(name) << "\"";
    if (argument == results.arguments.end())
      return emitError(location) << "\"" << makePrintable(input->node) << "\" has no output \""
                                 << makePrintable(input->argument) << "\"";
    index += argument->first;
  }
  if (index >= results.values.size())
    return emitError(location) << "\"" << makePrintable(input->node) << "\" has "
                               << results.values.size() << " outputs, but number " << index
                               << " is read";
  return results.values[index];
}

LogicalResult GraphImporter::addOperands(const Body &body, const proto::NodeDef &node,
                                         OperationState &state) const {
  for (const std::string &input : node.input()) {
    if (StringRef(input).starts_with("^"))
      continue;
    FailureOr<Value> operand = lookup(body, input, state.location);
    if (failed(operand))
      return failure();
    state.operands.push_back(*operand);
  }
  return success();
}

/// The value of an attribute, or its default.
static const proto::AttrValue *findAttribute(const proto::NodeDef &node,
                                             const proto::OpDef *definition, StringRef name) {
  if (auto found = node.attr().find(name.str()); found != node.attr().end())
    return &found->second;
  if (definition)
    for (const proto::OpDef::AttrDef &attribute : definition->attr())
      if (attribute.name() == name && attribute.has_default_value())
        return &attribute.default_value();
  return nullptr;
}

void GraphImporter::noteFunctions(Attribute attribute) {
  if (auto symbol = dyn_cast<FlatSymbolRefAttr>(attribute)) {
    if (noted.insert(symbol.getValue()).second)
      pending.push_back(symbol.getValue().str());
  } else if (auto list = dyn_cast<ArrayAttr>(attribute)) {
    for (Attribute item : list)
      noteFunctions(item);
  }
}

LogicalResult GraphImporter::addAttributes(const Body &body, const proto::NodeDef &node,
                                           const proto::OpDef *definition, OperationState &state) {
  std::optional<RegisteredOperationName> info = state.name.getRegisteredInfo();
  SmallVector<std::string> names;
  for (const auto &entry : node.attr())
    if (!StringRef(entry.first).starts_with("_"))
      names.push_back(entry.first);
  if (definition)
    for (const proto::OpDef::AttrDef &attribute : definition->attr())
      if (!node.attr().contains(attribute.name()) && attribute.has_default_value())
        names.push_back(attribute.name());
  llvm::sort(names);
  for (const std::string &name : names) {
    if (info && !llvm::is_contained(info->getAttributeNames(), name))
      continue;
    llvm::Expected<Attribute> attribute =
        readAttribute(*findAttribute(node, definition, name), context);
    if (!attribute)
      return emitError(state.location) << toString(attribute.takeError());
    if (!*attribute)
      continue;
    noteFunctions(*attribute);
    state.addAttribute(name, *attribute);
  }
  // In a graph the node is the variable; names to share it under need not be unique.
  constexpr StringRef sharedName = "shared_name";
  if (info && !body.isFunction && llvm::is_contained(info->getAttributeNames(), sharedName))
    state.attributes.set(sharedName, StringAttr::get(context, node.name()));
  return success();
}

LogicalResult GraphImporter::addResults(const proto::NodeDef &node, const proto::OpDef &definition,
                                        OperationState &state, Results &results) const {
  // Far more than any operation has, and few enough for the memory.
  constexpr int64_t maxResults = 1 << 16;
  auto addType = [&](int32_t dataType) -> LogicalResult {
    Type type = getElementType(dataType, context);
    if (!type)
      return emitError(state.location) << "there is no data type " << dataType;
    state.types.push_back(UnrankedTensorType::get(type));
    return success();
  };
  for (const proto::OpDef::ArgDef &argument : definition.output_arg()) {
    results.arguments.push_back({argument.name(), unsigned(state.types.size())});
    auto find = [&](const std::string &name) { return findAttribute(node, &definition, name); };
    if (!argument.type_list_attr().empty()) {
      const proto::AttrValue *types = find(argument.type_list_attr());
      if (!types || types->list().type_size() > maxResults)
        return emitError(state.location)
               << "attribute '" << argument.type_list_attr() << "' is missing or too long";
      for (int32_t type : types->list().type())
        if (failed(addType(type)))
          return failure();
      continue;
    }
    int64_t count = 1;
    if (!argument.number_attr().empty()) {
      const proto::AttrValue *number = find(argument.number_attr());
      count = number ? number->i() : -1;
    }
    const proto::AttrValue *type =
        argument.type_attr().empty() ? nullptr : find(argument.type_attr());
    if (count < 0 || count > maxResults || (!argument.type_attr().empty() && !type))
      return emitError(state.location)
             << "attributes do not say what output '" << argument.name() << "' is";
    for (int64_t i = 0; i < count; ++i)
      if (failed(addType(type ? type->type() : argument.type())))
        return failure();
  }
  return success();
}

/// Operations that no shape function is known for have the shapes that TensorFlow has found.
static void addSavedShapes(const proto::NodeDef &node, OperationState &state) {
  auto saved = node.attr().find("_output_shapes");
  if (saved == node.attr().end() || size_t(saved->second.list().shape_size()) != state.types.size())
    return;
  for (auto [type, shape] : llvm::zip_equal(state.types, saved->second.list().shape()))
    type = tf::makeType(savedmodel::getShape(shape), cast<TensorType>(type).getElementType());
}

/// Nodes that only order others.
static bool isOrderOnly(StringRef op) { return op == "NoOp" || op == "DisableCopyOnRead"; }

/// A variable of TensorFlow 1, which stands for its value, as a handle and a read.
LogicalResult GraphImporter::addOldVariable(Body &body, const proto::NodeDef &node,
                                            Location location, OpBuilder &builder) const {
  auto dataType = node.attr().find("dtype");
  Type type =
      dataType == node.attr().end() ? Type() : getElementType(dataType->second.type(), context);
  if (!type)
    return emitError(location) << "a variable without a data type";
  auto handleType = RankedTensorType::get({}, tf::ResourceType::get(context));
  Value handle = tf::VarHandleOp::create(builder, location, handleType, node.name());
  Value value =
      tf::ReadVariableOp::create(builder, location, UnrankedTensorType::get(type), handle);
  body.results[node.name()].values = {value};
  return success();
}

LogicalResult GraphImporter::addNode(Body &body, unsigned number, OpBuilder &builder) {
  const proto::NodeDef &node = body.nodes[number];
  StringRef op = node.op();
  Location location = makeOpLocation(context, fileName, body.number, number, op, node.name());
  if (isOrderOnly(op))
    return success();
  if (op == "VariableV2" || op == "Variable")
    return addOldVariable(body, node, location, builder);
  bool isName = !op.empty() &&
                llvm::all_of(op, [](char c) { return llvm::isAlnum(c) || c == '_' || c == '>'; });
  OperationState state(location, ("tf." + op).str());
  const proto::OpDef *definition = definitions.lookup(op);
  if (!isName || (!definition && !state.name.isRegistered()))
    return emitError(location) << "there is no operation '" << makePrintable(op) << "'";
  Results &results = body.results[node.name()];
  if (failed(addOperands(body, node, state)) ||
      failed(addAttributes(body, node, definition, state)))
    return failure();
  if (std::optional<RegisteredOperationName> info = state.name.getRegisteredInfo())
    if (NamedAttrList given = state.attributes;
        failed(info->verifyInherentAttrs(given, [&] { return emitError(location); })))
      return failure();
  Operation *created;
  if (definition) {
    if (failed(addResults(node, *definition, state, results)))
      return failure();
    if (auto value = dyn_cast_or_null<ElementsAttr>(state.attributes.get("value"));
        op == "Const" && value)
      state.types.assign({value.getShapedType()});
    if (!state.name.isRegistered())
      addSavedShapes(node, state);
    created = builder.create(state);
  } else {
    FailureOr<Operation *> made = createPlainNode(node, state, builder);
    if (failed(made))
      return failure();
    created = *made;
    // Our records name results as TensorFlow's definitions do.
    if (auto named = dyn_cast<OpAsmOpInterface>(created))
      named.getAsmResultNames([&](Value value, StringRef name) {
        results.arguments.push_back({name.str(), cast<OpResult>(value).getResultNumber()});
      });
  }
  if (failed(verify(created, /*verifyRecursively=*/false)))
    return failure();
  results.values.assign(created->result_begin(), created->result_end());
  return success();
}

LogicalResult GraphImporter::addNodes(Body &body, ArrayRef<unsigned> order, OpBuilder &builder) {
  for (unsigned number : order)
    if (!body.given.contains(body.nodes[number].name()) && failed(addNode(body, number, builder)))
      return failure();
  return success();
}
