//===- ScalarBuilder.h - arithmetic of one element --------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_SCALARBUILDER_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_SCALARBUILDER_H

#include "TFLRT/IR/TFLRTDialect.h"
#include "tflc/Quantization/Activation.h"
#include "tflc/Quantization/Multiplier.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"

namespace tflc {

/// How the integers of a tensor with one scale stand for reals.
struct AffineQuantization {
  float scale;
  int32_t zeroPoint;
  unsigned width;
  bool isSigned;
  IntegerRange limits;
};

/// The quantization of a tensor (or element) type; nothing where it has none, or one for each
/// channel.
std::optional<AffineQuantization> getAffineQuantization(mlir::Type type);

/// The stored integers that a fused activation leaves of a quantized tensor's type.
IntegerRange getActivatedRange(const AffineQuantization &quantization, llvm::StringRef activation);

/// Emits arithmetic of scalars into the body of a `linalg.generic`.
class ScalarBuilder {
public:
  ScalarBuilder(mlir::OpBuilder &builder, mlir::Location loc) : builder(builder), loc(loc) {}

  mlir::OpBuilder &getBuilder() { return builder; }
  mlir::Location getLoc() { return loc; }

  mlir::Type i8() { return builder.getI8Type(); }
  mlir::Type i32() { return builder.getI32Type(); }
  mlir::Type i64() { return builder.getI64Type(); }
  mlir::Type f32() { return builder.getF32Type(); }

  /// A constant of the integer or float type of `like`.
  mlir::Value constant(mlir::Type type, double value);
  mlir::Value integer(mlir::Type type, int64_t value);

  template <typename OpTy, typename... Args> mlir::Value emit(Args &&...args) {
    return OpTy::create(builder, loc, std::forward<Args>(args)...);
  }
  mlir::Value add(mlir::Value lhs, mlir::Value rhs);
  mlir::Value sub(mlir::Value lhs, mlir::Value rhs);
  mlir::Value mul(mlir::Value lhs, mlir::Value rhs);
  /// The same with a constant; nothing is emitted where it changes nothing.
  mlir::Value add(mlir::Value lhs, int64_t rhs);
  mlir::Value shiftLeft(mlir::Value value, int64_t distance);
  mlir::Value shiftRight(mlir::Value value, int64_t distance);
  mlir::Value compare(mlir::arith::CmpIPredicate predicate, mlir::Value lhs, mlir::Value rhs);
  mlir::Value compare(mlir::arith::CmpFPredicate predicate, mlir::Value lhs, mlir::Value rhs);
  mlir::Value select(mlir::Value condition, mlir::Value onTrue, mlir::Value onFalse);

  /// Resizes a signed integer.
  mlir::Value resize(mlir::Value value, mlir::Type type);
  /// A bool as a stored byte.
  mlir::Value storeBool(mlir::Value condition);

  /// The integer `value - zeroPoint` of a stored element, in 32 bits.
  mlir::Value center(mlir::Value stored, const AffineQuantization &quantization);
  /// `value * multiplier`, rounded.
  mlir::Value rescale(mlir::Value value, FixedPointMultiplier multiplier,
                      tflrt::Rounding rounding = tflrt::Rounding::Double);
  /// The same where `|value|` is below 2^30, so that a multiplication by one can be left out.
  mlir::Value rescaleSmall(mlir::Value value, FixedPointMultiplier multiplier);
  /// `value / 2^exponent`, halves rounded away from zero.
  mlir::Value divideByPowerOfTwo(mlir::Value value, int exponent);
  mlir::Value clamp(mlir::Value value, int64_t min, int64_t max);
  /// Clamps to `range` and stores in the type of `quantization`.
  mlir::Value store(mlir::Value value, IntegerRange range, const AffineQuantization &quantization);

private:
  mlir::OpBuilder &builder;
  mlir::Location loc;
};

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_SCALARBUILDER_H
