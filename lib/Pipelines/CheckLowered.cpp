//===- CheckLowered.cpp - the contract of the phase `lower` ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Pipelines/Passes.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Index/IR/IndexDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/UB/IR/UBOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/TypeUtilities.h"

namespace tflc {
#define GEN_PASS_DEF_CHECKLOWERED
#include "tflc/Pipelines/Passes.h.inc"
} // namespace tflc

using namespace mlir;

static bool isAllowed(Operation *op) {
  // The place of a tensor that loops or branches make larger or smaller.
  if (isa<bufferization::AllocTensorOp>(op))
    return true;
  return isa_and_present<affine::AffineDialect, arith::ArithDialect, BuiltinDialect,
                         complex::ComplexDialect, cf::ControlFlowDialect, func::FuncDialect,
                         index::IndexDialect, linalg::LinalgDialect, math::MathDialect,
                         scf::SCFDialect, tensor::TensorDialect, tflc::tflrt::TFLRTDialect,
                         ub::UBDialect>(op->getDialect()) &&
         !isa<UnrealizedConversionCastOp>(op);
}

static bool isStorageType(Type type) {
  Type element = getElementTypeOrSelf(type);
  return !isa<quant::QuantizedType>(element) && element.getDialect().getNamespace() != "tfl";
}

namespace {
struct CheckLoweredPass : public tflc::impl::CheckLoweredBase<CheckLoweredPass> {
  void runOnOperation() override {
    bool failed = false;
    getOperation()->walk([&](Operation *op) {
      if (!isAllowed(op)) {
        op->emitOpError("is left after lowering");
        failed = true;
      } else if (!llvm::all_of(op->getResultTypes(), isStorageType)) {
        op->emitOpError("has a result without a storage type after lowering");
        failed = true;
      }
    });
    if (failed)
      signalPassFailure();
  }
};
} // namespace
