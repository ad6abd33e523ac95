//===- FusedActivation.h - ops that clamp their own result ------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_FUSEDACTIVATION_H
#define TFL_IR_FUSEDACTIVATION_H

#include "mlir/IR/OpDefinition.h"

namespace tflc::tfl {

/// The op's attribute `fused_activation_function` is applied to its results, so that an activation
/// behind it can become that attribute. (In recurrent ops the attribute of that name is something
/// else.)
template <typename ConcreteOp>
class FusesActivation : public mlir::OpTrait::TraitBase<ConcreteOp, FusesActivation> {};

} // namespace tflc::tfl

#endif // TFL_IR_FUSEDACTIVATION_H
