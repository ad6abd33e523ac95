//===- Recurrent.cpp - layers over sequences ------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Builtin.h"
#include "PopulatePatterns.h"

#include "TF/IR/RecurrentOps.h"
#include "TF/IR/ShapeOps.h"
#include "TF/IR/SliceOps.h"
#include "TFL/IR/PermuteOps.h"
#include "TFL/IR/RecurrentOps.h"

using namespace mlir;
using namespace tflc;

/// A value of the same batch as a sequence, as early as it is found, so that layers that follow
/// each other read its size once.
static Value getBatchSource(Value sequence) {
  while (Operation *op = sequence.getDefiningOp()) {
    if (!isa<tf::ReverseV2Op, tf::SequenceLstmOp, tf::SequenceRnnOp, tfl::ReverseV2Op,
             tfl::UnidirectionalSequenceLstmOp, tfl::UnidirectionalSequenceRnnOp>(op))
      break;
    sequence = op->getOperand(0);
  }
  return sequence;
}

/// Zeros of an open batch, which are computed in every invocation. The kernels keep their states in
/// place and ask for the mark of a variable, which each of these tensors has for itself.
static Value createZeros(PatternRewriter &rewriter, Operation *op, int64_t units, StringRef name) {
  Location loc = op->getLoc();
  Type i32 = rewriter.getI32Type();
  Value source = getBatchSource(op->getOperand(0));
  auto rank = cast<RankedTensorType>(source.getType()).getRank();
  Value sizes =
      tf::ShapeOp::create(rewriter, loc, RankedTensorType::get({rank}, i32), source, TypeAttr());
  auto ints = [&](ArrayRef<int64_t> values) { return createInts(rewriter, loc, values); };
  Value batch = tf::StridedSliceOp::create(rewriter, loc, sizes, ints(0), ints(1), ints(1),
                                           /*begin_mask=*/0, /*end_mask=*/0, 0, 0,
                                           /*shrink_axis_mask=*/0);
  Value dims = tf::ConcatV2Op::create(rewriter, loc, ValueRange{batch, ints(units)},
                                      createInt(rewriter, loc, 0));
  OperatorOptions options(rewriter);
  options.set("variable_output", name);
  auto type = RankedTensorType::get({ShapedType::kDynamic, units}, rewriter.getF32Type());
  Value zero = createScalar(rewriter, loc, rewriter.getF32Type(), 0);
  return createBuiltinValue(rewriter, loc, "FILL", type, {dims, zero}, options.get());
}

/// A tensor [batch, units] that keeps its value; `role` tells the states of one operator apart.
static Value createState(PatternRewriter &rewriter, Operation *op, int64_t batch, int64_t units,
                         StringRef role) {
  auto function = op->getParentOfType<func::FuncOp>();
  unsigned number = 0;
  function.walk([&](Operation *other) {
    number += other->getName().getStringRef().ends_with("variable_tensor") ||
              other->hasAttr("variable_output");
  });
  std::string name = (function.getName() + "." + role + "." + Twine(number)).str();
  if (ShapedType::isDynamic(batch))
    return createZeros(rewriter, op, units, name);
  OperatorOptions options(rewriter);
  options.set("variable", name);
  auto type = RankedTensorType::get({batch, units}, rewriter.getF32Type());
  return createBuiltinValue(rewriter, op->getLoc(), "VARIABLE_TENSOR", type, {}, options.get());
}

/// The columns of one gate, as rows.
static Value takeGate(PatternRewriter &rewriter, Value weights, int64_t gate, int64_t units) {
  DenseElementsAttr constant = getConstant(weights);
  auto values = constant.getValues<float>();
  int64_t rows = constant.getType().getDimSize(0), columns = constant.getType().getDimSize(1);
  std::vector<float> part;
  for (int64_t unit = 0; unit < units; ++unit)
    for (int64_t row = 0; row < rows; ++row)
      part.push_back(values[row * columns + gate * units + unit]);
  auto type = RankedTensorType::get({units, rows}, rewriter.getF32Type());
  return createConstant(rewriter, weights.getLoc(),
                        DenseElementsAttr::get(type, llvm::ArrayRef(part)));
}

static Value takeBias(PatternRewriter &rewriter, Value bias, int64_t gate, int64_t units) {
  auto values = llvm::to_vector(getConstant(bias).getValues<float>());
  auto type = RankedTensorType::get({units}, rewriter.getF32Type());
  return createConstant(
      rewriter, bias.getLoc(),
      DenseElementsAttr::get(type, llvm::ArrayRef(values).slice(gate * units, units)));
}

/// Batch, which may be open, and units of a layer whose weights are constant; none where they are
/// not.
static std::optional<std::pair<int64_t, int64_t>> getSizes(Value input, Value kernel,
                                                           Value recurrent, Value bias) {
  auto type = dyn_cast<RankedTensorType>(input.getType());
  if (!type || type.getRank() != 3 || !getConstant(kernel) || !getConstant(recurrent) ||
      !getConstant(bias))
    return std::nullopt;
  return std::pair(type.getDimSize(0), cast<RankedTensorType>(recurrent.getType()).getDimSize(0));
}

static LogicalResult convertLstm(tf::SequenceLstmOp op, PatternRewriter &rewriter) {
  auto sizes = getSizes(op.getInput(), op.getKernel(), op.getRecurrent(), op.getBias());
  if (!sizes)
    return rewriter.notifyMatchFailure(op, "needs constant weights");
  auto [batch, units] = *sizes;
  constexpr int64_t numGates = 4, numPeepholes = 3;
  SmallVector<Value> operands = {op.getInput()};
  for (int64_t gate = 0; gate < numGates; ++gate)
    operands.push_back(takeGate(rewriter, op.getKernel(), gate, units));
  for (int64_t gate = 0; gate < numGates; ++gate)
    operands.push_back(takeGate(rewriter, op.getRecurrent(), gate, units));
  Value none = createNoValue(rewriter, op.getLoc());
  operands.append(numPeepholes, none);
  for (int64_t gate = 0; gate < numGates; ++gate)
    operands.push_back(takeBias(rewriter, op.getBias(), gate, units));
  // No projection, which has weights and a bias.
  operands.append(2, none);
  operands.push_back(createState(rewriter, op, batch, units, "output"));
  operands.push_back(createState(rewriter, op, batch, units, "cell"));
  operands.append(numGates, none); // no layer normalization
  OperatorOptions options(rewriter);
  options.set("fused_activation_function", "TANH")
      .set("cell_clip", 0.0f)
      .set("proj_clip", 0.0f)
      .set("time_major", false)
      .set("asymmetric_quantize_inputs", false)
      .set("diagonal_recurrent_tensors", false);
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "UNIDIRECTIONAL_SEQUENCE_LSTM",
                                       op.getOutput().getType(), operands, options.get()));
  return success();
}

static LogicalResult convertRnn(tf::SequenceRnnOp op, PatternRewriter &rewriter) {
  auto sizes = getSizes(op.getInput(), op.getKernel(), op.getRecurrent(), op.getBias());
  if (!sizes)
    return rewriter.notifyMatchFailure(op, "needs constant weights");
  auto [batch, units] = *sizes;
  SmallVector<Value> operands = {op.getInput(), takeGate(rewriter, op.getKernel(), 0, units),
                                 takeGate(rewriter, op.getRecurrent(), 0, units), op.getBias(),
                                 createState(rewriter, op, batch, units, "hidden")};
  OperatorOptions options(rewriter);
  options.set("time_major", false)
      .set("fused_activation_function", op.getActivation())
      .set("asymmetric_quantize_inputs", false);
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "UNIDIRECTIONAL_SEQUENCE_RNN",
                                       op.getOutput().getType(), operands, options.get()));
  return success();
}

void tflc::populateRecurrentPatterns(RewritePatternSet &patterns) {
  addPattern<tf::SequenceLstmOp>(patterns, convertLstm);
  addPattern<tf::SequenceRnnOp>(patterns, convertRnn);
}
