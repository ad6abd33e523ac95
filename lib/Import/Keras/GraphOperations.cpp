//===- GraphOperations.cpp - nodes of TensorFlow's graphs between layers --===//
//
// Part of tflc, under the Apache License 2.0.
//
// Keras of TensorFlow 2.0 to 2.3 makes a layer of each operation between layers, TensorFlowOpLayer
// with the node of the graph: as the text of a protocol buffer at first, then as JSON.
//
//===----------------------------------------------------------------------===//

#include "Constants.h"
#include "LayerBuilder.h"

#include "../SavedModel/Attributes.h"
#include "../SavedModel/PlainNodes.h"
#include "../SavedModel/Values.h"

#include "Schema/graph.pb.h"
#include "TF/IR/TFOps.h"

#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Base64.h"

#include <map>

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

//===----------------------------------------------------------------------===//
// Nodes in JSON
//===----------------------------------------------------------------------===//

/// TensorFlow's number of a type; 0 if there is no such name.
static int32_t getTypeNumber(const json::Value &value) {
  static constexpr const char *names[] = {"DT_INVALID",   "DT_FLOAT", "DT_DOUBLE", "DT_INT32",
                                          "DT_UINT8",     "DT_INT16", "DT_INT8",   "DT_STRING",
                                          "DT_COMPLEX64", "DT_INT64", "DT_BOOL"};
  std::optional<StringRef> name = value.getAsString();
  if (!name)
    return int32_t(value.getAsInteger().value_or(0));
  const auto *found = llvm::find(names, *name);
  if (found != std::end(names))
    return int32_t(found - std::begin(names));
  return *name == "DT_BFLOAT16" ? 14 : *name == "DT_HALF" ? 19 : 0;
}

/// Numbers of 64 bits are texts.
static int64_t readInteger(const json::Value &value) {
  int64_t number = 0;
  if (std::optional<StringRef> text = value.getAsString())
    return text->getAsInteger(10, number) ? 0 : number;
  return value.getAsInteger().value_or(0);
}

/// What is no finite number is a text: "NaN", "Infinity".
static float readFloat(const json::Value &value) {
  double number = 0;
  if (std::optional<StringRef> text = value.getAsString())
    return text->getAsDouble(number) ? 0 : float(number);
  return float(value.getAsNumber().value_or(0));
}

static std::string readBytes(const json::Value &value) {
  std::vector<char> bytes;
  if (Error error = decodeBase64(value.getAsString().value_or(""), bytes)) {
    consumeError(std::move(error));
    return "";
  }
  return std::string(bytes.begin(), bytes.end());
}

static void readShape(const json::Value &value, proto::TensorShape &shape) {
  const json::Object *object = value.getAsObject();
  if (!object)
    return;
  shape.set_unknown_rank(object->getBoolean("unknownRank").value_or(false));
  if (const json::Array *dims = object->getArray("dim"))
    for (const json::Value &dim : *dims)
      if (const json::Object *size = dim.getAsObject())
        shape.add_dim()->set_size(size->get("size") ? readInteger(*size->get("size")) : 0);
}

/// Whether the list has items that can be read.
static bool readList(const json::Object &object, proto::AttrValue::ListValue &list) {
  for (const auto &[kind, value] : object) {
    const json::Array *items = value.getAsArray();
    if (!items)
      return false;
    for (const json::Value &item : *items)
      if (kind == "i")
        list.add_i(readInteger(item));
      else if (kind == "f")
        list.add_f(readFloat(item));
      else if (kind == "b")
        list.add_b(item.getAsBoolean().value_or(false));
      else if (kind == "s")
        list.add_s(readBytes(item));
      else if (kind == "type")
        list.add_type(getTypeNumber(item));
      else if (kind == "shape")
        readShape(item, *list.add_shape());
      else
        return false;
  }
  return true;
}

/// Whether an attribute has a form that can be read.
static bool readAttribute(const json::Object &object, proto::AttrValue &attribute) {
  for (const auto &[kind, value] : object) {
    if (kind == "i")
      attribute.set_i(readInteger(value));
    else if (kind == "f")
      attribute.set_f(readFloat(value));
    else if (kind == "b")
      attribute.set_b(value.getAsBoolean().value_or(false));
    else if (kind == "s")
      attribute.set_s(readBytes(value));
    else if (kind == "type")
      attribute.set_type(getTypeNumber(value));
    else if (kind == "shape")
      readShape(value, *attribute.mutable_shape());
    else if (const json::Object *list = value.getAsObject(); list && kind == "list")
      return readList(*list, *attribute.mutable_list());
    else
      return false;
  }
  return true;
}

/// The node of a layer. False after a fault.
static bool readNode(LayerBuilder &layer, proto::NodeDef &node) {
  const json::Value *given = layer.config.get("node_def");
  std::optional<StringRef> text = given ? given->getAsString() : std::nullopt;
  const json::Object *object = given ? given->getAsObject() : nullptr;
  bool isRead = text && node.ParseFromString(text->str());
  if (object) {
    isRead = true;
    node.set_op(object->getString("op").value_or("").str());
    if (const json::Object *attributes = object->getObject("attr"))
      for (const auto &[name, value] : *attributes)
        if (!StringRef(name).starts_with("_"))
          isRead &= value.getAsObject() &&
                    readAttribute(*value.getAsObject(), (*node.mutable_attr())[name.str()]);
  }
  if (!isRead)
    layer.fault("its node cannot be read");
  return isRead;
}

//===----------------------------------------------------------------------===//
// Constant operands
//===----------------------------------------------------------------------===//

/// The attribute that says of which type an operand is. Sizes, axes and indices are integers, all
/// others are of the operation's own type.
static StringRef getTypeAttribute(StringRef op, int64_t operand, int64_t numOperands) {
  struct Rule {
    StringRef op;
    int64_t first;
    StringRef attribute;
  };
  static constexpr Rule rules[] = {
      {"All", 1, "Tidx"},
      {"Any", 1, "Tidx"},
      {"ArgMax", 1, "Tidx"},
      {"ArgMin", 1, "Tidx"},
      {"BatchToSpaceND", 1, ""},
      {"BroadcastTo", 1, "Tidx"},
      {"Cumprod", 1, "Tidx"},
      {"Cumsum", 1, "Tidx"},
      {"ExpandDims", 1, "Tdim"},
      {"GatherNd", 1, "Tindices"},
      {"GatherV2", 1, "Tindices"},
      {"Max", 1, "Tidx"},
      {"Mean", 1, "Tidx"},
      {"Min", 1, "Tidx"},
      {"MirrorPad", 1, ""},
      {"Pad", 1, ""},
      {"Prod", 1, "Tidx"},
      {"Range", 0, "Tidx"},
      {"ResizeBicubic", 1, ""},
      {"ResizeBilinear", 1, ""},
      {"ResizeNearestNeighbor", 1, ""},
      {"Reshape", 1, "Tshape"},
      {"ReverseV2", 1, "Tidx"},
      {"Roll", 1, ""},
      {"Slice", 1, "Index"},
      {"SpaceToBatchND", 1, ""},
      {"SplitV", 1, ""},
      {"StridedSlice", 1, "Index"},
      {"Sum", 1, "Tidx"},
      {"Tile", 1, "Tmultiples"},
      {"TopKV2", 1, ""},
      {"Transpose", 1, "Tperm"},
  };
  if ((op == "ConcatV2" && operand == numOperands - 1) || (op == "Split" && operand == 0) ||
      ((op == "PadV2" || op == "OneHot") && operand == 1) || (op == "Fill" && operand == 0))
    return "";
  for (const Rule &rule : rules)
    if (op == rule.op && operand >= rule.first)
      return rule.attribute;
  return op == "Range" ? "Tidx" : "T";
}

/// The type of a constant operand: int32 where no attribute says another.
static Type getOperandType(LayerBuilder &layer, const proto::NodeDef &node, StringRef attribute) {
  auto found = node.attr().find(attribute.str());
  Type type = found == node.attr().end()
                  ? Type()
                  : savedmodel::getElementType(found->second.type(), layer.b.getContext());
  return type ? type : layer.b.getI32Type();
}

/// The operands: inputs of the call, and the constants at the places that the layer gives them.
static Values collectOperands(LayerBuilder &layer, ArrayRef<Value> inputs,
                              const proto::NodeDef &node) {
  static const json::Object none;
  const json::Object *given = layer.config.getObject("constants");
  const json::Object &constants = given ? *given : none;
  int64_t count = inputs.size() + constants.size();
  Values operands;
  for (int64_t place = 0; place < count; ++place) {
    const json::Value *constant = constants.get(std::to_string(place));
    if (constant) {
      Type type = getOperandType(layer, node, getTypeAttribute(node.op(), place, count));
      operands.push_back(makeConstant(layer.b, layer.b.getLoc(), *constant, type));
      if (!operands.back())
        return {layer.fault("its constant " + Twine(place) + " cannot be read")};
    } else if (!inputs.empty()) {
      operands.push_back(inputs.front());
      inputs = inputs.drop_front();
    } else {
      return {layer.fault("it has no operand " + Twine(place))};
    }
  }
  return operands;
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

/// Operations whose results are known only from constants: those of keras.ops are the same.
static std::optional<Values> buildParts(LayerBuilder &layer, ArrayRef<Value> inputs,
                                        const proto::NodeDef &node) {
  static const json::Object none;
  const json::Object *given = layer.config.getObject("constants");
  const json::Object &constants = given ? *given : none;
  auto getAttribute = [&](const char *name) {
    auto found = node.attr().find(name);
    return found == node.attr().end() ? 0 : found->second.i();
  };
  auto getConstant = [&](StringRef place) {
    const json::Value *value = constants.get(place);
    return value ? *value : json::Value(nullptr);
  };
  json::Object config;
  StringRef kind = "Split";
  if (node.op() == "Split") {
    config["indices_or_sections"] = getAttribute("num_split");
    config["axis"] = getConstant("0");
  } else if (node.op() == "SplitV") {
    json::Array ends;
    int64_t end = 0;
    if (const json::Array *sizes = constants.getArray("1"))
      for (const json::Value &size : drop_end(*sizes))
        ends.push_back(end += size.getAsInteger().value_or(0));
    config["indices_or_sections"] = std::move(ends);
    config["axis"] = getConstant("2");
  } else if (node.op() == "Unpack") {
    kind = "Unstack";
    config["axis"] = getAttribute("axis");
  } else {
    return std::nullopt;
  }
  LayerBuilder part(layer.b, layer.b.getLoc(), config, LayerWeights::none());
  Values results = buildOperation(part, kind, inputs, {});
  return part.hasFailed() ? Values{layer.fault("it cannot be built")} : results;
}

static Values buildGraphOperation(LayerBuilder &layer, ArrayRef<Value> inputs) {
  proto::NodeDef node;
  if (!readNode(layer, node))
    return {};
  if (std::optional<Values> parts = buildParts(layer, inputs, node))
    return *parts;
  StringRef op = node.op();
  OperationState state(layer.b.getLoc(), ("tf." + op).str());
  if (op.empty() || !llvm::all_of(op, isAlnum) || !state.name.isRegistered())
    return {layer.fault("the operation '" + op + "' is not supported")};
  state.operands = collectOperands(layer, inputs, node);
  if (layer.hasFailed())
    return {};
  RegisteredOperationName info = *state.name.getRegisteredInfo();
  std::map<std::string, Attribute> attributes;
  for (const auto &[name, value] : node.attr()) {
    if (!llvm::is_contained(info.getAttributeNames(), name))
      continue;
    Expected<Attribute> attribute = savedmodel::readAttribute(value, layer.b.getContext());
    if (!attribute)
      return {layer.fault(toString(attribute.takeError()))};
    if (*attribute)
      attributes[name] = *attribute;
  }
  for (const auto &[name, attribute] : attributes)
    state.addAttribute(name, attribute);
  if (NamedAttrList list = state.attributes;
      failed(info.verifyInherentAttrs(list, [&] { return emitError(layer.b.getLoc()); })))
    return {layer.fault("its node cannot be built")};
  FailureOr<Operation *> created = savedmodel::createPlainNode(node, state, layer.b);
  if (failed(created) || failed(verify(*created, /*verifyRecursively=*/false)))
    return {layer.fault("its node cannot be built")};
  return Values((*created)->getResults());
}

void tflc::keras::addGraphOperations(LayerTable &table) {
  table["TensorFlowOpLayer"] = buildGraphOperation;
}
