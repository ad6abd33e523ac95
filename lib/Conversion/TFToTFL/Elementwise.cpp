//===- Elementwise.cpp - arithmetic, comparison, activation ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Builtin.h"
#include "PopulatePatterns.h"

#include "TF/IR/BinaryOps.h"
#include "TF/IR/ElementwiseOps.h"
#include "TF/IR/NormalizationOps.h"
#include "TF/IR/UnaryOps.h"

using namespace mlir;
using namespace tflc;

static LogicalResult convertLeakyRelu(tf::LeakyReluOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("alpha", op.getAlpha().convertToFloat());
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "LEAKY_RELU", op->getResultTypes(),
                                       op->getOperands(), options.get()));
  return success();
}

static LogicalResult convertGelu(tf::GeluOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("approximate", op.getApproximate());
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "GELU", op->getResultTypes(),
                                       op->getOperands(), options.get()));
  return success();
}

static LogicalResult convertL2Normalize(tf::L2NormalizeOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("fused_activation_function", "NONE");
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "L2_NORMALIZATION",
                                       op->getResultTypes(), op->getOperands(), options.get()));
  return success();
}

/// Whether a constant is one number.
static bool isNumber(Value value, double number) {
  DenseElementsAttr constant = getConstant(value);
  return constant && constant.isSplat() && constant.getElementType().isF32() &&
         constant.getSplatValue<float>() == number;
}

/// The operand beside a constant of one number, on either side; null if there is none.
template <typename Op> static Value getBounded(Op op, double bound) {
  if (isNumber(op.getY(), bound))
    return op.getX();
  return isNumber(op.getX(), bound) ? op.getY() : Value();
}

/// Bounds of -1 and 1, in one order or the other: the inner one is visited first.
template <typename Inner, typename Outer>
static LogicalResult convertClamp(Inner op, PatternRewriter &rewriter) {
  constexpr double bound = std::is_same_v<Inner, tf::MinimumOp> ? 1 : -1;
  auto outer = op->hasOneUse() ? dyn_cast<Outer>(*op->user_begin()) : Outer();
  Value x = getBounded(op, bound);
  if (!outer || !x || getBounded(outer, -bound) != op.getZ() || x.getType() != outer.getType())
    return rewriter.notifyMatchFailure(op, "no bounds of -1 and 1");
  rewriter.setInsertionPoint(outer);
  rewriter.replaceOp(outer,
                     createBuiltin(rewriter, outer.getLoc(), "RELU_N1_TO_1", outer.getType(), x));
  return success();
}

/// The kernel does not broadcast.
static LogicalResult convertAtan2(tf::Atan2Op op, PatternRewriter &rewriter) {
  auto type = dyn_cast<RankedTensorType>(op.getType());
  SmallVector<Value> operands(op->getOperands());
  for (Value &operand : operands) {
    if (operand.getType() == type)
      continue;
    if (!type || !type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "operands of different, unknown shapes");
    Value shape = createInts(rewriter, op.getLoc(), type.getShape());
    operand = createBuiltinValue(rewriter, op.getLoc(), "BROADCAST_TO", type, {operand, shape});
  }
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "ATAN2", type, operands));
  return success();
}

static LogicalResult convertCast(tf::CastOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("in_data_type", getTypeName(op.getX())).set("out_data_type", getTypeName(op.getY()));
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "CAST", op->getResultTypes(),
                                       op->getOperands(), options.get()));
  return success();
}

static LogicalResult convertFloorDiv(tf::FloorDivOp op, PatternRewriter &rewriter) {
  if (tf::getElementType(op.getZ()).isInteger(64))
    return rewriter.notifyMatchFailure(op, "the kernel takes no int64");
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "FLOOR_DIV", op->getResultTypes(),
                                       op->getOperands()));
  return success();
}

static Value cast(OpBuilder &builder, Value value, Type elementType) {
  Type type = mlir::cast<TensorType>(value.getType()).clone(elementType);
  OperatorOptions options(builder);
  options.set("in_data_type", getTypeName(value)).set("out_data_type", getTypeName(elementType));
  return createBuiltinValue(builder, value.getLoc(), "CAST", type, value, options.get());
}

/// The kernels add int32, whose sums have the same bits.
template <typename Op> static LogicalResult convertUnsignedSum(Op op, PatternRewriter &rewriter) {
  Type elementType = tf::getElementType(op.getZ());
  if (!elementType.isUnsignedInteger(32))
    return rewriter.notifyMatchFailure(op, "not in uint32");
  Type i32 = rewriter.getI32Type();
  Value operands[] = {cast(rewriter, op.getX(), i32), cast(rewriter, op.getY(), i32)};
  OperatorOptions options(rewriter);
  options.set("fused_activation_function", "NONE");
  Value sum =
      createBuiltinValue(rewriter, op.getLoc(), std::is_same_v<Op, tf::SubOp> ? "SUB" : "ADD",
                         mlir::cast<TensorType>(op.getType()).clone(i32), operands, options.get());
  rewriter.replaceOp(op, cast(rewriter, sum, elementType));
  return success();
}

static LogicalResult convertSoftmax(tf::SoftmaxOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("beta", 1.0f);
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "SOFTMAX", op->getResultTypes(),
                                       op->getOperands(), options.get()));
  return success();
}

static LogicalResult convertLRN(tf::LRNOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("radius", int64_t(op.getDepthRadius()))
      .set("bias", op.getBias().convertToFloat())
      .set("alpha", op.getAlpha().convertToFloat())
      .set("beta", op.getBeta().convertToFloat());
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "LOCAL_RESPONSE_NORMALIZATION",
                                       op->getResultTypes(), op->getOperands(), options.get()));
  return success();
}

/// SELECT picks whole rows by a vector; otherwise both forms broadcast.
static LogicalResult convertSelect(tf::SelectOp op, PatternRewriter &rewriter) {
  auto condition = dyn_cast<RankedTensorType>(op.getCondition().getType());
  auto type = dyn_cast<RankedTensorType>(op.getOutput().getType());
  if (!condition || !type)
    return rewriter.notifyMatchFailure(op, "unknown rank");
  bool isBroadcast = condition.getRank() == 0 || condition.getRank() == type.getRank();
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), isBroadcast ? "SELECT_V2" : "SELECT",
                                       op->getResultTypes(), op->getOperands()));
  return success();
}

void tflc::populateElementwisePatterns(RewritePatternSet &patterns) {
  // Ahead of the patterns that take one of both.
  addPattern<tf::MaximumOp>(patterns, convertClamp<tf::MaximumOp, tf::MinimumOp>);
  addPattern<tf::MinimumOp>(patterns, convertClamp<tf::MinimumOp, tf::MaximumOp>);
  addPattern<tf::AddV2Op>(patterns, convertUnsignedSum<tf::AddV2Op>);
  addPattern<tf::SubOp>(patterns, convertUnsignedSum<tf::SubOp>);
  addRename<tf::AbsOp>(patterns, "ABS");
  addRename<tf::AddNOp>(patterns, "ADD_N");
  addRename<tf::AddOp>(patterns, "ADD", true);
  addRename<tf::AddV2Op>(patterns, "ADD", true);
  addRename<tf::BiasAddOp>(patterns, "ADD", true);
  addRename<tf::BitcastOp>(patterns, "BITCAST");
  addRename<tf::BitwiseXorOp>(patterns, "BITWISE_XOR");
  addRename<tf::CeilOp>(patterns, "CEIL");
  addRename<tf::CosOp>(patterns, "COS");
  addRename<tf::DivOp>(patterns, "DIV", true);
  addRename<tf::EluOp>(patterns, "ELU");
  addRename<tf::EqualOp>(patterns, "EQUAL");
  addRename<tf::ExpOp>(patterns, "EXP");
  addPattern<tf::FloorDivOp>(patterns, convertFloorDiv);
  addRename<tf::FloorModOp>(patterns, "FLOOR_MOD");
  addRename<tf::FloorOp>(patterns, "FLOOR");
  addRename<tf::GreaterEqualOp>(patterns, "GREATER_EQUAL");
  addRename<tf::GreaterOp>(patterns, "GREATER");
  addRename<tf::HardSwishOp>(patterns, "HARD_SWISH");
  addRename<tf::LessEqualOp>(patterns, "LESS_EQUAL");
  addRename<tf::LessOp>(patterns, "LESS");
  addRename<tf::LogOp>(patterns, "LOG");
  addRename<tf::LogSoftmaxOp>(patterns, "LOG_SOFTMAX");
  addRename<tf::LogicalAndOp>(patterns, "LOGICAL_AND");
  addRename<tf::LogicalNotOp>(patterns, "LOGICAL_NOT");
  addRename<tf::LogicalOrOp>(patterns, "LOGICAL_OR");
  addRename<tf::MaximumOp>(patterns, "MAXIMUM");
  addRename<tf::MinimumOp>(patterns, "MINIMUM");
  addRename<tf::MulOp>(patterns, "MUL", true);
  addRename<tf::NegOp>(patterns, "NEG");
  addRename<tf::NotEqualOp>(patterns, "NOT_EQUAL");
  addRename<tf::PowOp>(patterns, "POW");
  addRename<tf::PreluOp>(patterns, "PRELU");
  addRename<tf::RealDivOp>(patterns, "DIV", true);
  addRename<tf::Relu6Op>(patterns, "RELU6");
  addRename<tf::ReluOp>(patterns, "RELU");
  addRename<tf::RightShiftOp>(patterns, "RIGHT_SHIFT");
  addRename<tf::RintOp>(patterns, "ROUND");
  addRename<tf::RoundOp>(patterns, "ROUND");
  addRename<tf::RsqrtOp>(patterns, "RSQRT");
  addRename<tf::SelectV2Op>(patterns, "SELECT_V2");
  addRename<tf::SigmoidOp>(patterns, "LOGISTIC");
  addRename<tf::SignOp>(patterns, "SIGN");
  addRename<tf::SinOp>(patterns, "SIN");
  addRename<tf::SqrtOp>(patterns, "SQRT");
  addRename<tf::SquareOp>(patterns, "SQUARE");
  addRename<tf::SquaredDifferenceOp>(patterns, "SQUARED_DIFFERENCE");
  addRename<tf::SubOp>(patterns, "SUB", true);
  addRename<tf::TanhOp>(patterns, "TANH");
  addRename<tf::TruncateDivOp>(patterns, "DIV", true);
  addRename<tf::ZerosLikeOp>(patterns, "ZEROS_LIKE");
  addPattern<tf::Atan2Op>(patterns, convertAtan2);
  addPattern<tf::CastOp>(patterns, convertCast);
  addPattern<tf::GeluOp>(patterns, convertGelu);
  addPattern<tf::L2NormalizeOp>(patterns, convertL2Normalize);
  addPattern<tf::LRNOp>(patterns, convertLRN);
  addPattern<tf::LeakyReluOp>(patterns, convertLeakyRelu);
  addPattern<tf::SelectOp>(patterns, convertSelect);
  addPattern<tf::SoftmaxOp>(patterns, convertSoftmax);
}
