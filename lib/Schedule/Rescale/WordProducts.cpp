//===- WordProducts.cpp - products with gates in 16 bits ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Rescales.h"
#include "Schedule/Tensors/ByteFunctions.h"

#include "tflc/Quantization/WordProduct.h"
#include "tflc/Schedule/Passes.h"
#include "tflc/Target/TargetInfo.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/ADT/SetVector.h"

namespace tflc {
#define GEN_PASS_DEF_WORDPRODUCTS
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using tflc::tflrt::RescaleOp;

namespace {

/// A byte of an input plus a constant.
struct Factor {
  BlockArgument byte;
  bool isUnsigned;
  int32_t added;
  tflc::IntegerRange range;
};

std::optional<Factor> readFactor(const tflc::ByteFunctions &functions, Value value) {
  auto term = tflc::readByteTerm(functions, value);
  if (!term)
    return std::nullopt;
  ArrayRef<int64_t> table = term->table;
  for (auto [i, entry] : llvm::enumerate(table))
    if (entry != table[0] + static_cast<int64_t>(i))
      return std::nullopt;
  auto argument = dyn_cast<BlockArgument>(term->byte);
  if (!argument || std::abs(table[0]) > 255 || std::abs(table[255]) > 255)
    return std::nullopt;
  return Factor{argument,
                term->isUnsigned,
                static_cast<int32_t>(table[0]) - term->first(),
                {static_cast<int32_t>(table[0]), static_cast<int32_t>(table[255])}};
}

/// The ops from a rescaled value to the byte that it becomes: constants that are added, clamps.
/// None where 32 bits follow, for which vectors would be split again.
SmallVector<Operation *> opsToByte(const tflc::ClampedResult &clamped) {
  SmallVector<Operation *> ops = clamped.ops;
  for (Operation *op : ops)
    if (std::abs(*tflc::getConstantInt(op->getOperand(1))) > 1 << 10)
      return {};
  if (!ops.back()->hasOneUse())
    return {};
  auto byte = dyn_cast<arith::TruncIOp>(*ops.back()->user_begin());
  if (!byte || !byte.getType().isInteger(8) || !llvm::all_of(byte->getUsers(), [](Operation *op) {
        return isa<linalg::YieldOp, arith::XOrIOp>(op);
      }))
    return {};
  ops.push_back(byte);
  return ops;
}

/// Emits arithmetic of words.
class WordBuilder : public ImplicitLocOpBuilder {
public:
  using ImplicitLocOpBuilder::ImplicitLocOpBuilder;

  Value number(int64_t value) { return arith::ConstantIntOp::create(*this, value, 16); }
  template <typename Op> Value with(Value value, int64_t constant) {
    return Op::create(*this, value, number(constant));
  }
  Value read(const Factor &factor) {
    Value word = factor.isUnsigned
                     ? arith::ExtUIOp::create(*this, getI16Type(), factor.byte).getResult()
                     : arith::ExtSIOp::create(*this, getI16Type(), factor.byte).getResult();
    return factor.added == 0 ? word : with<arith::AddIOp>(word, factor.added);
  }
};

/// The arithmetic of `WordProduct`.
Value emitProduct(WordBuilder &b, const tflc::WordProduct &product, const Factor &value,
                  const Factor &gate) {
  using tflc::tflrt::MultiplyHighOp;
  Value word = b.read(gate);
  Value scaled = b.with<arith::MulIOp>(word, product.whole);
  Value integer = b.with<arith::AddIOp>(b.with<arith::ShRUIOp>(scaled, 8), 1);
  Value upper = b.with<arith::ShLIOp>(b.with<arith::AndIOp>(scaled, 255), 7);
  Value lower = b.with<MultiplyHighOp>(b.with<arith::ShLIOp>(word, 7), product.part);
  Value fraction =
      b.with<arith::AddIOp>(arith::AddIOp::create(b, upper, lower), INT16_MIN + product.extra);

  bool hasSign = value.range.min < 0;
  Value factor = b.read(value);
  Value size = hasSign ? math::AbsIOp::create(b, factor).getResult() : factor;
  Value sum = arith::AddIOp::create(b, arith::MulIOp::create(b, size, integer).getResult(),
                                    MultiplyHighOp::create(b, size, fraction).getResult());
  Value result =
      b.with<arith::ShRUIOp>(b.with<arith::AddIOp>(sum, 1 << (product.shift - 1)), product.shift);
  return hasSign ? tflc::tflrt::MultiplySignOp::create(b, result, factor).getResult() : result;
}

bool replaceProduct(RescaleOp rescale, linalg::GenericOp op) {
  auto multiply = rescale.getInput().getDefiningOp<arith::MulIOp>();
  auto clamped = tflc::getClampedResult(rescale);
  auto number = tflc::getConstantInt(rescale.getMultiplier());
  auto shift = tflc::getConstantInt(rescale.getShift());
  if (!multiply || !clamped || !number || !shift ||
      rescale.getRounding() != tflc::tflrt::Rounding::Double || !multiply.getType().isInteger(32))
    return false;
  SmallVector<Operation *> ops = opsToByte(*clamped);
  if (ops.empty())
    return false;
  tflc::ByteFunctions functions(*op.getBody());
  auto value = readFactor(functions, multiply.getLhs());
  auto gate = readFactor(functions, multiply.getRhs());
  if (!value || !gate)
    return false;
  // What the gate becomes takes as long as the product: it must be the same for several values.
  auto mapOf = [&](const Factor &factor) {
    return op.getMatchingIndexingMap(&op->getOpOperand(factor.byte.getArgNumber()));
  };
  if (mapOf(*gate).isPermutation())
    std::swap(value, gate);
  if (mapOf(*gate).isPermutation() || !mapOf(*value).isPermutation() || gate->range.min < 0)
    return false;
  auto product = tflc::findWordProduct(
      {static_cast<int32_t>(*number), static_cast<int32_t>(*shift)}, value->range, clamped->range);
  if (!product)
    return false;
  WordBuilder b(rescale.getLoc(), rescale);
  Value result = emitProduct(b, *product, *value, *gate);
  for (Operation *old : ops) {
    b.setInsertionPoint(old);
    if (isa<arith::TruncIOp>(old)) {
      old->getResult(0).replaceAllUsesWith(arith::TruncIOp::create(b, b.getI8Type(), result));
      break;
    }
    OperationState state(old->getLoc(), old->getName());
    state.addOperands({result, b.number(*tflc::getConstantInt(old->getOperand(1)))});
    state.addTypes(b.getI16Type());
    result = b.create(state)->getResult(0);
  }
  for (Operation *old : llvm::reverse(ops))
    old->erase();
  rescale.erase();
  return true;
}

struct WordProductsPass : tflc::impl::WordProductsBase<WordProductsPass> {
  void runOnOperation() override {
    FailureOr<tflc::TargetInfo> target = tflc::getTarget(getOperation());
    if (failed(target))
      return signalPassFailure();
    if (!target->instructions.multipliesWordsHigh())
      return;
    llvm::SetVector<Block *> changed;
    for (auto [rescale, op] : tflc::findElementwiseRescales(getOperation()))
      if (replaceProduct(rescale, op))
        changed.insert(op.getBody());
    // The factors in 32 bits.
    for (Block *body : changed)
      for (Operation &old : llvm::make_early_inc_range(llvm::reverse(*body)))
        if (isOpTriviallyDead(&old))
          old.erase();
  }
};

} // namespace
