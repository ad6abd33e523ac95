//===- RISCV.cpp - instructions of RISC-V ---------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Of the vector extension LLVM makes use by itself, except where this file says so.
//
//===----------------------------------------------------------------------===//

#include "Instructions.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace tflc;

namespace {

class RISCVInstructions : public Instructions {
public:
  using Instructions::Instructions;

  Value multiplyWords(Builder &b, Operation *op) const override;
  Value nearestInteger(Builder &b, arith::FPToSIOp op, bool isIntegral) const override;
};

} // namespace

/// VSMUL. LLVM has it for scalable vectors alone; the shortest register is what holds the lanes of
/// a vector of fixed length.
Value RISCVInstructions::multiplyWords(Builder &b, Operation *op) const {
  auto type = dyn_cast<VectorType>(op->getResult(0).getType());
  if (!type || !isa<tflrt::MultiplyHighOp>(op) || type.getRank() != 1 || type.isScalable() ||
      !target.scalableVectors)
    return nullptr;
  // In each 64 bits of a register.
  constexpr int64_t block = 64;
  int64_t lanes = type.getNumElements() * block / target.vectorBits;
  if (lanes < 1 || type.getNumElements() * 16 > 8 * int64_t(target.vectorBits))
    return nullptr;
  auto scalable = VectorType::get(lanes, type.getElementType(), /*scalableDims=*/true);
  Type word = b.getIntegerType(target.pointerBits);
  Value any = LLVM::PoisonOp::create(b, scalable);
  auto insert = [&](Value lanes) -> Value {
    return vector::ScalableInsertOp::create(b, lanes, any, 0);
  };
  // Rounded to nearest, halves up.
  Value mode = arith::ConstantOp::create(b, b.getIntegerAttr(word, 0));
  Value count = arith::ConstantOp::create(b, b.getIntegerAttr(word, type.getNumElements()));
  Value product = call(b, "llvm.riscv.vsmul", scalable,
                       {any, insert(op->getOperand(0)), insert(op->getOperand(1)), mode, count});
  return vector::ScalableExtractOp::create(b, type, product, 0);
}

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
