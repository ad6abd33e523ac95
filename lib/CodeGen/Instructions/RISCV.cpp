//===- RISCV.cpp - instructions of RISC-V ---------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Of the vector extension LLVM makes use by itself, except where this file says so.
//
//===----------------------------------------------------------------------===//

#include "Instructions.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace tflc;

namespace {

class RISCVInstructions : public Instructions {
public:
  using Instructions::Instructions;

  Value nearestInteger(Builder &b, arith::FPToSIOp op, bool isIntegral) const override;
};

} // namespace

/// Vectors are converted by the instruction that rounds as the mode says, which for integers is no
/// matter; others are truncated by arithmetic before. QEMU 7.2 fails at the instruction that
/// converts vectors and truncates.
Value RISCVInstructions::nearestInteger(Builder &b, arith::FPToSIOp op, bool isIntegral) const {
  auto vector = dyn_cast<VectorType>(op.getType());
  Value input = op.getIn();
  Type real = getElementTypeOrSelf(input.getType());
  if (!vector || (!real.isF32() && !real.isF64()))
    return nullptr;
  if (!isIntegral)
    input = math::TruncOp::create(b, input);
  bool isWide = vector.getElementTypeBitWidth() > 32;
  if (isWide && real.isF32())
    input = arith::ExtFOp::create(b, vector.clone(b.getF64Type()), input);
  Type word = vector.clone(isWide ? b.getI64Type() : b.getI32Type());
  Value nearest = call(b, "llvm.lrint", word, input);
  if (word == op.getType())
    return nearest;
  return arith::TruncIOp::create(b, op.getType(), nearest);
}

std::unique_ptr<Instructions> tflc::createRISCVInstructions(const TargetInfo &target) {
  return std::make_unique<RISCVInstructions>(target);
}
