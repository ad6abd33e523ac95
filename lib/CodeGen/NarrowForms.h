//===- NarrowForms.h - how constants are kept in fewer bytes ----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_NARROWFORMS_H
#define TFLC_LIB_CODEGEN_NARROWFORMS_H

#include "ConstantReads.h"

#include "tflc/Target/TargetInfo.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <memory>

namespace tflc {

/// A constant in fewer bytes, and the code that reads it.
class NarrowForm {
public:
  virtual ~NarrowForm() = default;

  /// What the object holds, in one dimension.
  virtual mlir::DenseElementsAttr getStored() const = 0;
  /// What a load gave: the element number `index`, or as many neighbours as `type` has lanes.
  virtual mlir::Value load(mlir::ImplicitLocOpBuilder &builder, mlir::Value stored,
                           mlir::Value index, mlir::Type type) const = 0;
  /// About how many instructions more than a plain load a load of that type takes.
  virtual int64_t countInstructions(mlir::Type type) const = 0;
};

/// f32 as f16, where each value is one. Null where some value is none, and where the machine has no
/// floats at all.
std::unique_ptr<NarrowForm> makeHalves(mlir::DenseElementsAttr values, const TargetInfo &target);

/// Integers from -8 to 7, two to a byte. Null where some value is none of these.
std::unique_ptr<NarrowForm> makeNibbles(mlir::DenseElementsAttr values, const ConstantReads &reads,
                                        const TargetInfo &target);

/// The type with another element type: that of a vector's lanes, or of a scalar.
mlir::Type withElement(mlir::Type type, mlir::Type element);
/// About how many registers hold a value of that type.
int64_t countRegisters(mlir::Type type, const TargetInfo &target);
/// A scalar, or a vector with all lanes the same.
mlir::Value makeConstant(mlir::ImplicitLocOpBuilder &builder, mlir::Type type,
                         mlir::TypedAttr element);
/// The element number `index` of a buffer, or neighbours.
mlir::Value loadPlain(mlir::ImplicitLocOpBuilder &builder, mlir::Value buffer, mlir::Value index,
                      mlir::Type type);

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_NARROWFORMS_H
