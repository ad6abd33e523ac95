//===- QuantizeDynamicRange.cpp - int8 weights for float activations ------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "GivenTypes.h"
#include "QuantizedConstants.h"

#include "TFL/IR/QuantizationOps.h"
#include "TFL/Transforms/Passes.h"

using namespace mlir;

namespace tflc::tfl {
#define GEN_PASS_DEF_QUANTIZEDYNAMICRANGEPASS
#include "TFL/Transforms/Passes.h.inc"
} // namespace tflc::tfl

using namespace tflc::tfl;

namespace {

class QuantizeDynamicRange
    : public tflc::tfl::impl::QuantizeDynamicRangePassBase<QuantizeDynamicRange> {
public:
  using Base = tflc::tfl::impl::QuantizeDynamicRangePassBase<QuantizeDynamicRange>;
  using Base::Base;

  void runOnOperation() override {
    module = getOperation();
    SmallVector<QuantizationOpInterface> ops;
    module.walk([&](QuantizationOpInterface op) {
      if (!op->hasAttr(keepFloatName))
        ops.push_back(op);
    });
    for (QuantizationOpInterface op : ops) {
      const QuantizationRule &rule = op.getQuantizationRule();
      if (rule.table)
        quantizeTable(op, *rule.table);
      else if (rule.hybridVersion)
        quantizeWeights(op, rule);
    }
    for (auto function : module.getOps<func::FuncOp>())
      eraseGivenTypes(function);
    eraseUnusedConstants(module);
  }

private:
  bool isLarge(ConstOp constant) const {
    return constant &&
           cast<RankedTensorType>(constant.getOutput().getType()).getNumElements() >= minElements;
  }

  /// A constant without a place in the rule (peephole weights, a projection), or a diagonal matrix
  /// of weights, is read by the kernel otherwise beside int8 weights.
  static bool hasOtherWeights(QuantizationOpInterface op) {
    return llvm::any_of(op->getOpOperands(), [&](OpOperand &operand) {
      ConstOp constant = getFloatConstant(operand.get());
      const QuantizationRule &rule = op.getQuantizationRule();
      unsigned number = operand.getOperandNumber();
      if (!constant || rule.findBias(number) || rule.findState(number))
        return false;
      return !rule.findWeights(number) ||
             cast<RankedTensorType>(operand.get().getType()).getRank() < 2;
    });
  }

  /// The kernels want all weights of an operator in int8, or none.
  void quantizeWeights(QuantizationOpInterface op, const QuantizationRule &rule) {
    if (hasOtherWeights(op))
      return;
    SmallVector<std::pair<const WeightsRule *, ConstOp>> weights;
    for (const WeightsRule &entry : rule.weights) {
      if (entry.operand >= op->getNumOperands() ||
          isa<NoneType>(op->getOperand(entry.operand).getType()))
        continue;
      ConstOp constant = getFloatConstant(op->getOperand(entry.operand));
      if (!isLarge(constant))
        return;
      weights.emplace_back(&entry, constant);
    }
    // Float activations on both sides; operators of other types have no float weights.
    if (weights.empty())
      return;
    bool perChannel = false;
    for (auto [entry, constant] : weights) {
      int axis = rule.hybridPerChannelVersion ? entry->channelAxis : -1;
      quant::QuantizedType type = getGivenType(constant.getOutput());
      if (!type)
        type = getWeightsType(&getContext(), /*width=*/8,
                              getWeightRanges(constant, axis, clipWeights), axis);
      perChannel |= axis >= 0 || !isa<quant::UniformQuantizedType>(type);
      op->setOperand(entry->operand, constants.get(constant, type, /*narrow=*/true));
    }
    // Inputs that are all positive then use the whole of int8.
    constexpr StringLiteral asymmetricName = "asymmetric_quantize_inputs";
    if (llvm::is_contained(op->getName().getAttributeNames(), asymmetricName))
      op->setAttr(asymmetricName, BoolAttr::get(&getContext(), true));
    raiseOperatorVersion(module, op, rule.getVersion(QuantizationMode::DynamicRange, perChannel));
  }

  /// Rows that are picked of a table stay int8 until they have been picked.
  void quantizeTable(Operation *op, unsigned operand) {
    ConstOp constant = getFloatConstant(op->getOperand(operand));
    if (!isLarge(constant))
      return;
    quant::QuantizedType type =
        getWeightsType(&getContext(), /*width=*/8, getWeightRanges(constant, -1, clipWeights), -1);
    op->setOperand(operand, constants.get(constant, type, /*narrow=*/true));
    Value result = op->getResult(0);
    auto real = cast<RankedTensorType>(result.getType());
    OpBuilder builder(op->getContext());
    builder.setInsertionPointAfter(op);
    auto widened = DequantizeOp::create(builder, op->getLoc(), real, result);
    result.replaceAllUsesExcept(widened.getOutput(), widened);
    result.setType(RankedTensorType::get(real.getShape(), type));
    raiseOperatorVersion(module, op,
                         cast<QuantizationOpInterface>(op).getQuantizationRule().int8Version);
    constexpr int byteVersion = 2;
    raiseOperatorVersion(module, widened, byteVersion);
  }

  ModuleOp module;
  QuantizedConstants constants;
};

} // namespace
