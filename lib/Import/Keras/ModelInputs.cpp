//===- ModelInputs.cpp - what a model takes -------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ModelBuilder.h"

#include "llvm/ADT/StringSwitch.h"

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

static Type getType(StringRef name, MLIRContext *context) {
  OpBuilder b(context);
  return llvm::StringSwitch<Type>(name)
      .Cases({"float32", "float16", "bfloat16", "float64", ""}, b.getF32Type())
      .Cases({"mixed_float16", "mixed_bfloat16"}, b.getF32Type())
      .Case("int8", b.getI8Type())
      .Case("int16", b.getI16Type())
      .Case("int32", b.getI32Type())
      .Case("int64", b.getI64Type())
      .Case("uint8", IntegerType::get(context, 8, IntegerType::Unsigned))
      .Case("bool", b.getI1Type())
      .Case("string", tf::StringType::get(context))
      .Default(nullptr);
}

/// The type that a policy or a name says.
static StringRef getTypeName(const json::Object &config) {
  if (const json::Object *policy = config.getObject("dtype"))
    if (const json::Object *inner = policy->getObject("config"))
      return getText(*inner, "name");
  return getText(config, "dtype");
}

/// The shape of an InputLayer, or that with which old files begin a Sequential model.
static const json::Array *getBatchShape(const json::Object &config) {
  for (const char *key : {"batch_shape", "batch_input_shape"})
    if (const json::Array *shape = config.getArray(key))
      return shape;
  return nullptr;
}

static FailureOr<RankedTensorType> readType(const json::Array &sizes, StringRef typeName,
                                            MLIRContext *context) {
  SmallVector<int64_t> shape;
  constexpr size_t maxRank = 8;
  Type type = getType(typeName, context);
  if (!type || sizes.size() > maxRank)
    return failure();
  for (const json::Value &size : sizes) {
    std::optional<int64_t> number = size.getAsInteger();
    if (size.kind() != json::Value::Null && (!number || *number < 0 || *number > INT32_MAX))
      return failure();
    shape.push_back(number.value_or(ShapedType::kDynamic));
  }
  return RankedTensorType::get(shape, type);
}

FailureOr<SmallVector<ModelInput>> ModelBuilder::readInputs(const json::Object &model) {
  SmallVector<ModelInput> inputs;
  Location location = locate(model);
  const json::Object *config = model.getObject("config");
  const json::Array *layers = getLayers(model);
  if (!layers || layers->empty())
    return fault(location, "the model has no layers");
  auto add = [&](const json::Object &layer, StringRef name, const json::Array *shape,
                 StringRef typeName) -> LogicalResult {
    FailureOr<RankedTensorType> type = failure();
    if (shape)
      type = readType(*shape, typeName, builder.getContext());
    if (failed(type))
      return fault(locate(layer), "its shape or type cannot be read");
    inputs.push_back({name.str(), *type});
    return success();
  };

  if (getText(model, "class_name") == "Sequential") {
    const json::Object *first = layers->front().getAsObject();
    // A nested model brings its own input.
    if (first && isModel(getText(*first, "class_name")))
      return readInputs(*first);
    const json::Object *inner = first ? first->getObject("config") : nullptr;
    if (!inner)
      return fault(location, "its first layer has no configuration");
    const json::Array *shape = getBatchShape(*inner);
    bool isInput = getText(*first, "class_name") == "InputLayer";
    std::string name = isInput ? getName(*first).str() : getName(*first).str() + "_input";
    if (!shape)
      if (const json::Object *build = model.getObject("build_config"))
        shape = build->getArray("input_shape");
    if (!shape && config)
      shape = config->getArray("build_input_shape");
    if (!shape)
      return fault(location, "the model does not say what its input is; call it once, or give it "
                             "an Input, before it is saved");
    if (failed(
            add(*first, name, shape, isInput || getBatchShape(*inner) ? getTypeName(*inner) : "")))
      return failure();
    return inputs;
  }
  SmallVector<std::pair<std::string, TensorName>> tensors;
  if (const json::Value *list = config ? config->get("input_layers") : nullptr)
    collectTensors(*list, tensors);
  if (tensors.empty())
    return fault(location, "the model has no inputs");
  for (const auto &[key, tensor] : tensors) {
    const json::Object *input = nullptr, *inner = nullptr;
    for (const json::Value &item : *layers)
      if (const json::Object *layer = item.getAsObject();
          layer && getName(*layer) == tensor.layer && getText(*layer, "class_name") == "InputLayer")
        input = layer, inner = layer->getObject("config");
    if (!inner)
      return fault(location, "there is no input layer \"" + tensor.layer + "\"");
    if (failed(add(*input, tensor.layer, getBatchShape(*inner), getTypeName(*inner))))
      return failure();
  }
  return inputs;
}
