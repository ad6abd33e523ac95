//===- Builtin.cpp - building operators of the file format ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Builtin.h"

#include "TF/IR/ConstantOps.h"
#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/ElementTypes.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace tflc {

Operation *createBuiltin(OpBuilder &builder, Location loc, StringRef name, TypeRange types,
                         ValueRange operands, ArrayRef<NamedAttribute> options) {
  std::string full = "tfl." + name.lower();
  // Our ops have tensors of known rank.
  auto isUnranked = [](Type type) { return isa<UnrankedTensorType>(type); };
  if (!RegisteredOperationName::lookup(full, builder.getContext()) ||
      llvm::any_of(types, isUnranked) || llvm::any_of(operands.getTypes(), isUnranked))
    full = "unsupported." + name.lower();
  OperationState state(loc, full, operands, types, options);
  return builder.create(state);
}

Value createBuiltinValue(OpBuilder &builder, Location loc, StringRef name, Type type,
                         ValueRange operands, ArrayRef<NamedAttribute> options) {
  return createBuiltin(builder, loc, name, type, operands, options)->getResult(0);
}

Value createConstant(OpBuilder &builder, Location loc, ElementsAttr value) {
  return tf::ConstOp::create(builder, loc, value);
}

Value createInts(OpBuilder &builder, Location loc, ArrayRef<int64_t> values) {
  auto type = RankedTensorType::get({int64_t(values.size())}, builder.getI32Type());
  return createConstant(builder, loc, tf::makeIntegers(type, values));
}

Value createShape(OpBuilder &builder, Location loc, RankedTensorType type) {
  return createInts(builder, loc, llvm::map_to_vector(type.getShape(), [](int64_t size) {
                      return ShapedType::isDynamic(size) ? -1 : size;
                    }));
}

Value createInt(OpBuilder &builder, Location loc, int64_t value) {
  auto type = RankedTensorType::get({}, builder.getI32Type());
  return createConstant(builder, loc, tf::makeIntegers(type, value));
}

Value createScalar(OpBuilder &builder, Location loc, Type elementType, double value) {
  auto type = RankedTensorType::get({}, elementType);
  return createConstant(builder, loc,
                        isa<FloatType>(elementType) ? tf::makeReals(type, value)
                                                    : tf::makeIntegers(type, int64_t(value)));
}

Value createNoValue(OpBuilder &builder, Location loc) {
  return tfl::NoValueOp::create(builder, loc, builder.getNoneType(), builder.getUnitAttr());
}

Value castToI32(OpBuilder &builder, Value value) {
  if (tf::getElementType(value).isInteger(32))
    return value;
  auto type = cast<TensorType>(value.getType()).clone(builder.getI32Type());
  if (DenseElementsAttr constant = getConstant(value))
    return createConstant(
        builder, value.getLoc(),
        tf::makeIntegers(RankedTensorType::get(constant.getType().getShape(), builder.getI32Type()),
                         tf::getIntegers(constant)));
  OperatorOptions options(builder);
  options.set("in_data_type", getTypeName(value)).set("out_data_type", "INT32");
  return createBuiltinValue(builder, value.getLoc(), "CAST", type, value, options.get());
}

std::string getTypeName(Value value) { return getTypeName(tf::getElementType(value)); }

std::string getTypeName(Type elementType) {
  return StringRef(tfl::getElementTypeName(elementType)).upper();
}

DenseElementsAttr getConstant(Value value) {
  DenseElementsAttr result;
  return matchPattern(value, m_Constant(&result)) ? result : DenseElementsAttr();
}

} // namespace tflc
