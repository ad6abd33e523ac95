//===- NoOperator.h - ops that no file has ----------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_NOOPERATOR_H
#define TFL_IR_NOOPERATOR_H

#include "mlir/IR/OpDefinition.h"

namespace tflc::tfl {

/// The op is the compiler's own: no builtin operator of the schema has its name, so that it is not
/// listed as one.
template <typename ConcreteOp>
class NoOperator : public mlir::OpTrait::TraitBase<ConcreteOp, NoOperator> {};

} // namespace tflc::tfl

#endif // TFL_IR_NOOPERATOR_H
