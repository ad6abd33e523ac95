//===- FloatBuilder.h - arithmetic on scalars and vectors -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_FLOATBUILDER_H
#define TFLC_LIB_CODEGEN_FLOATBUILDER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tflc {

/// Short names for arithmetic in place of an op, on scalars and vectors alike: types and constants
/// take the shape of the op's result.
struct FloatBuilder : mlir::ImplicitLocOpBuilder {
  FloatBuilder(mlir::Operation *op, mlir::OpBuilder &builder)
      : FloatBuilder(op->getLoc(), op->getResult(0).getType(), builder) {}
  FloatBuilder(mlir::Location loc, mlir::Type like, mlir::OpBuilder &builder)
      : ImplicitLocOpBuilder(loc, builder), shape(mlir::dyn_cast<mlir::VectorType>(like)) {}

  mlir::VectorType shape; // null for scalars

  mlir::Type type(mlir::Type element) {
    return shape ? mlir::Type(
                       mlir::VectorType::get(shape.getShape(), element, shape.getScalableDims()))
                 : element;
  }
  mlir::Type f32() { return type(getF32Type()); }
  mlir::Type f64() { return type(getF64Type()); }
  mlir::Type i32() { return type(getI32Type()); }
  mlir::Type i64() { return type(getI64Type()); }

  mlir::Value constant(mlir::TypedAttr value) {
    if (!shape)
      return mlir::arith::ConstantOp::create(*this, value);
    auto vector = mlir::cast<mlir::VectorType>(type(value.getType()));
    return mlir::arith::ConstantOp::create(
        *this, mlir::DenseElementsAttr::get(vector, mlir::Attribute(value)));
  }
  mlir::Value bits(uint32_t value) {
    return constant(getI32IntegerAttr(static_cast<int32_t>(value)));
  }
  mlir::Value wideBits(uint64_t value) {
    return constant(getI64IntegerAttr(static_cast<int64_t>(value)));
  }
  mlir::Value real(float value) { return constant(getF32FloatAttr(value)); }
  mlir::Value wideReal(double value) { return constant(getF64FloatAttr(value)); }

  template <typename OpT> mlir::Value make(mlir::Value a, mlir::Value b) {
    return OpT::create(*this, a, b);
  }
  mlir::Value add(mlir::Value a, mlir::Value b) { return make<mlir::arith::AddFOp>(a, b); }
  mlir::Value sub(mlir::Value a, mlir::Value b) { return make<mlir::arith::SubFOp>(a, b); }
  mlir::Value mul(mlir::Value a, mlir::Value b) { return make<mlir::arith::MulFOp>(a, b); }
  mlir::Value bitcast(mlir::Type to, mlir::Value value) {
    return mlir::arith::BitcastOp::create(*this, to, value);
  }
  mlir::Value select(mlir::Value condition, mlir::Value yes, mlir::Value no) {
    return mlir::arith::SelectOp::create(*this, condition, yes, no);
  }
  mlir::Value compare(mlir::arith::CmpFPredicate predicate, mlir::Value a, mlir::Value b) {
    return mlir::arith::CmpFOp::create(*this, predicate, a, b);
  }
  mlir::Value compare(mlir::arith::CmpIPredicate predicate, mlir::Value a, mlir::Value b) {
    return mlir::arith::CmpIOp::create(*this, predicate, a, b);
  }
  mlir::Value less(mlir::Value a, mlir::Value b) {
    return compare(mlir::arith::CmpFPredicate::OLT, a, b);
  }
  mlir::Value below(mlir::Value a, mlir::Value b) {
    return compare(mlir::arith::CmpIPredicate::ult, a, b);
  }
};

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_FLOATBUILDER_H
