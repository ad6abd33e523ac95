//===- ElementwiseOps.cpp - elementwise, of other forms -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/ElementwiseOps.h"

using namespace mlir;
using namespace tflc::tf;

#define GET_OP_CLASSES
#include "TF/IR/ElementwiseOps.cpp.inc"

Type AddNOp::inferType(Adaptor op, std::optional<Location> location) {
  if (op.getInputs().empty())
    return reportFault(location, "has no inputs");
  return op.getInputs().front().getType();
}

Type CastOp::inferType(Adaptor op, std::optional<Location>) {
  return cast<TensorType>(op.getX().getType()).clone(op.getDstT());
}

OpFoldResult CastOp::fold(FoldAdaptor adaptor) {
  if (getElementType(getX()) == getElementType(getY()))
    return foldIdentity(*this);
  auto value = dyn_cast_or_null<DenseElementsAttr>(adaptor.getX());
  Type to = getElementType(getY());
  if (!value)
    return {};
  auto type = RankedTensorType::get(value.getType().getShape(), to);
  Type from = value.getElementType();
  bool fromReal = isa<FloatType>(from), toReal = isa<FloatType>(to);
  if ((!fromReal && !from.isInteger()) || (!toReal && !to.isInteger()))
    return {};
  if (fromReal) {
    std::vector<double> reals = getReals(value);
    if (toReal)
      return makeReals(type, reals);
    std::vector<int64_t> integers;
    for (double real : reals) {
      // What does not fit has no value that could be relied on.
      if (!to.isInteger(1) && !(std::fabs(real) < 9e18))
        return {};
      integers.push_back(to.isInteger(1) ? real != 0 : int64_t(real));
    }
    return makeIntegers(type, integers);
  }
  std::vector<int64_t> integers = getIntegers(value);
  if (toReal)
    return makeReals(type, std::vector<double>(integers.begin(), integers.end()));
  if (to.isInteger(1))
    for (int64_t &integer : integers)
      integer = integer != 0;
  return makeIntegers(type, integers);
}

/// A wider element is made of those along the last dimension; a narrower one adds a dimension.
Type BitcastOp::inferType(Adaptor op, std::optional<Location> location) {
  std::optional<Shape> shape = getShape(op.getInput());
  Type from = getElementType(op.getInput()), to = op.getType();
  if (!shape || !from.isIntOrFloat() || !to.isIntOrFloat())
    return UnrankedTensorType::get(to);
  unsigned fromBits = std::max(8u, from.getIntOrFloatBitWidth()),
           toBits = std::max(8u, to.getIntOrFloatBitWidth());
  if (fromBits > toBits) {
    shape->push_back(fromBits / toBits);
  } else if (fromBits < toBits) {
    int64_t count = toBits / fromBits;
    if (shape->empty() || (!ShapedType::isDynamic(shape->back()) && shape->back() != count))
      return reportFault(location, "the last dimension must have ", count, " elements");
    shape->pop_back();
  }
  return RankedTensorType::get(*shape, to);
}

Type SelectOp::inferType(Adaptor op, std::optional<Location>) {
  auto t = cast<TensorType>(op.getT().getType()), e = cast<TensorType>(op.getE().getType());
  return areCompatible({t}, {e}) ? refine(t, e) : t;
}

Type SelectV2Op::inferType(Adaptor op, std::optional<Location> location) {
  return inferBroadcast({op.getCondition(), op.getT(), op.getE()}, getElementType(op.getT()),
                        location);
}

OpFoldResult SelectV2Op::fold(FoldAdaptor adaptor) {
  auto condition = dyn_cast_or_null<DenseElementsAttr>(adaptor.getCondition());
  if (!condition || !condition.isSplat())
    return {};
  Value picked = condition.getSplatValue<bool>() ? getT() : getE();
  return picked.getType() == getType() ? OpFoldResult(picked) : OpFoldResult();
}
