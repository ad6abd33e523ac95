//===- Constants.cpp - numbers in configurations --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Constants.h"

#include "LayerBuilder.h"

#include "TF/IR/TFOps.h"

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

/// The numbers of nested lists of equal lengths, and their shape. False where lengths differ.
static bool readNumbers(const json::Value &value, unsigned level, Integers &shape,
                        std::vector<float> &numbers) {
  const json::Array *list = value.getAsArray();
  if (!list) {
    std::optional<double> number = value.getAsNumber();
    if (std::optional<bool> flag = value.getAsBoolean())
      number = *flag;
    numbers.push_back(float(number.value_or(0)));
    return number && level == shape.size();
  }
  if (numbers.empty() && level == shape.size())
    shape.push_back(list->size());
  return level < shape.size() && shape[level] == int64_t(list->size()) &&
         all_of(
             *list,
             [&](const json::Value &item) { return readNumbers(item, level + 1, shape, numbers); });
}

Value tflc::keras::makeConstant(OpBuilder &builder, Location location, const json::Value &constant,
                                Type elementType) {
  const json::Value *content = &constant;
  if (const json::Object *object = constant.getAsObject()) {
    const json::Object *config = object->getObject("config");
    content = config ? config->get("value") : object->get("value");
  }
  Integers shape;
  std::vector<float> numbers;
  constexpr size_t maxRank = 8;
  if (!content || !readNumbers(*content, 0, shape, numbers) || shape.size() > maxRank)
    return nullptr;
  auto type = RankedTensorType::get(shape, elementType ? elementType : builder.getF32Type());
  SmallVector<Attribute> values;
  for (float number : numbers)
    values.push_back(isa<FloatType>(type.getElementType())
                         ? Attribute(builder.getFloatAttr(type.getElementType(), number))
                         : Attribute(IntegerAttr::get(type.getElementType(), int64_t(number))));
  return tf::ConstOp::create(builder, location, type, DenseElementsAttr::get(type, values));
}
