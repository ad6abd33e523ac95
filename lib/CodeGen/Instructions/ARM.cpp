//===- ARM.cpp - instructions of 32 bit ARM -------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ARMWordLoop.h"
#include "Instructions.h"
#include "RescaleQuads.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace tflc;

namespace {

class ARMInstructions : public Instructions {
public:
  using Instructions::Instructions;

  Value dot(Builder &b, tflrt::DotOp op) const override;
  SmallVector<Value> wordProducts(Builder &b, tflrt::WordProductsOp op) const override;
  Value extendBytes(Builder &b, Value bytes, bool isUnsigned) const override;
  Value multiplyWords(Builder &b, Operation *op) const override;
  Value rescale(Builder &b, tflrt::RescaleOp op, RescaleBounds bounds) const override;
};

} // namespace

//===----------------------------------------------------------------------===//
// Dot products
//===----------------------------------------------------------------------===//

/// Two halfwords in a word, the first one below. Without vector registers LLVM would build a vector
/// in memory.
static Value packPair(ImplicitLocOpBuilder &b, Value pair) {
  Value word;
  for (int64_t i = 0; i < 2; ++i) {
    Value element = b.createOrFold<vector::ExtractOp>(pair, i);
    Value half = arith::ExtUIOp::create(b, b.getI32Type(), element);
    if (i == 1)
      half = arith::ShLIOp::create(b, half, arith::ConstantIntOp::create(b, 16, 32));
    word = word ? arith::OrIOp::create(b, word, half).getResult() : half;
  }
  return word;
}

/// All products into one general register: SMLAD, VMLADAVA.
Value ARMInstructions::dot(Builder &b, tflrt::DotOp op) const {
  if (!op.getType().isInteger(32) || op.getLhsUnsigned())
    return nullptr;
  auto factors = cast<VectorType>(op.getLhs().getType());
  Type element = factors.getElementType();
  DotInstruction instruction = target.instructions.dot->instruction;
  if (instruction == DotInstruction::Smlad && factors.getNumElements() == 2 &&
      element.isInteger(16))
    return call(b, "llvm.arm.smlad", op.getType(),
                {packPair(b, op.getLhs()), packPair(b, op.getRhs()), op.getAcc()});
  if (instruction != DotInstruction::Mve || factors.getNumElements() != 16 || !element.isInteger(8))
    return nullptr;
  // Signed, added, not exchanged.
  Value no = arith::ConstantIntOp::create(b, 0, 32);
  return call(b, "llvm.arm.mve.vmldava", op.getType(),
              {no, no, no, op.getAcc(), op.getLhs(), op.getRhs()});
}

//===----------------------------------------------------------------------===//
// Products of words
//===----------------------------------------------------------------------===//

SmallVector<Value> ARMInstructions::wordProducts(Builder &b, tflrt::WordProductsOp op) const {
  if (target.instructions.dot->instruction != DotInstruction::Smlad)
    return {};
  return multiplyWordsByAssembly(b, op);
}

//===----------------------------------------------------------------------===//
// Extension
//===----------------------------------------------------------------------===//

/// Four bytes of a word, in order in the halves of two words: SXTB16 twice, PKHBT and PKHTB.
Value ARMInstructions::extendBytes(Builder &b, Value bytes, bool isUnsigned) const {
  auto type = cast<VectorType>(bytes.getType());
  constexpr int64_t bytesInWord = 4;
  int64_t words = type.getNumElements() / bytesInWord;
  if (target.instructions.dot->instruction != DotInstruction::Smlad ||
      type.getNumElements() % bytesInWord != 0)
    return nullptr;
  Type i32 = b.getI32Type();
  const char *extend = isUnsigned ? "llvm.arm.uxtb16" : "llvm.arm.sxtb16";
  auto constant = [&](int64_t value) { return arith::ConstantIntOp::create(b, value, 32); };
  Value input = vector::BitCastOp::create(b, VectorType::get(words, i32), bytes);
  SmallVector<Value> halves;
  for (int64_t i = 0; i < words; ++i) {
    Value word = vector::ExtractOp::create(b, input, i);
    Value rotated = LLVM::FshrOp::create(b, word, word, constant(8));
    Value even = call(b, extend, i32, word), odd = call(b, extend, i32, rotated);
    Value low = arith::AndIOp::create(b, even, constant(0xffff));
    Value high = arith::ShLIOp::create(b, odd, constant(16));
    halves.push_back(arith::OrIOp::create(b, low, high));
    low = arith::ShRUIOp::create(b, even, constant(16));
    high = arith::AndIOp::create(b, odd, constant(0xffff0000));
    halves.push_back(arith::OrIOp::create(b, low, high));
  }
  Value result = vector::FromElementsOp::create(b, VectorType::get(2 * words, i32), halves);
  return vector::BitCastOp::create(b, type.clone(b.getI16Type()), result);
}

/// VQRDMULH; of scalars SMLABB. That takes the lower halves of registers as they are, while LLVM
/// extends each word, and multiplies and adds in two instructions where it knows a sign.
Value ARMInstructions::multiplyWords(Builder &b, Operation *op) const {
  DotInstruction instruction = target.instructions.dot->instruction;
  Type type = op->getResult(0).getType();
  if (instruction == DotInstruction::Mve)
    return multiplyHighInEights(b, op, "llvm.arm.mve.vqrdmulh.v8i16");
  if (instruction != DotInstruction::Smlad || !isa<tflrt::MultiplyHighOp>(op) ||
      !type.isInteger(16))
    return nullptr;
  Value half = arith::ConstantIntOp::create(b, 1 << 14, 32);
  auto product = LLVM::InlineAsmOp::create(
      b, b.getI32Type(), ValueRange{op->getOperand(0), op->getOperand(1), half},
      b.getStringAttr("smlabb $0, $1, $2, $3"), b.getStringAttr("=r,r,r,r"),
      /*has_side_effects=*/UnitAttr(), /*is_align_stack=*/UnitAttr(),
      LLVM::TailCallKindAttr::get(b.getContext(), LLVM::TailCallKind::None), LLVM::AsmDialectAttr(),
      /*operand_attrs=*/ArrayAttr());
  Value shifted =
      arith::ShRSIOp::create(b, product.getRes(), arith::ConstantIntOp::create(b, 15, 32));
  return arith::TruncIOp::create(b, type, shifted);
}

//===----------------------------------------------------------------------===//
// Rescaling
//===----------------------------------------------------------------------===//

/// Of MVE: VQRDMULH and VRSHL round twice. VQDMULH gives h = floor(2 * x * m / 2^32), and a shift
/// of that to the right rounds once, as floors of floors join.
Value ARMInstructions::rescale(Builder &b, tflrt::RescaleOp op, RescaleBounds bounds) const {
  bool isTwice = op.getRounding() == tflrt::Rounding::Double;
  if (target.instructions.dot->instruction != DotInstruction::Mve ||
      op.getRounding() == tflrt::Rounding::Reduced || (!isTwice && bounds.maxShift >= 0))
    return nullptr;
  return rescaleInQuads(b, op, [&](Value x, Value multiplier, Value shift) {
    auto multiplyBy = [&](const char *intrinsic) {
      return [&b, intrinsic](Value lhs, Value rhs) {
        return call(b, intrinsic, lhs.getType(), {lhs, rhs});
      };
    };
    auto shiftRounding = [&](Value value, Value distance) {
      Value no = arith::ConstantIntOp::create(b, 0, 32),
            yes = arith::ConstantIntOp::create(b, 1, 32);
      // Not saturated, rounded, signed.
      return call(b, "llvm.arm.mve.vshl.vector.v4i32.v4i32", value.getType(),
                  {value, distance, no, yes, no});
    };
    if (!isTwice)
      return shiftRounding(multiplyBy("llvm.arm.mve.vqdmulh.v4i32")(x, multiplier), shift);
    return rescaleTwice(b, bounds, x, multiplier, shift,
                        {multiplyBy("llvm.arm.mve.vqrdmulh.v4i32"), shiftRounding});
  });
}

std::unique_ptr<Instructions> tflc::createARMInstructions(const TargetInfo &target) {
  return std::make_unique<ARMInstructions>(target);
}
