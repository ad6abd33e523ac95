//===- ControlFlow.cpp - lowering of branches and loops -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ControlFlow.h"
#include "GrownTensors.h"
#include "Guard.h"
#include "GuardShapes.h"
#include "IndexMath.h"
#include "TFL/IR/ControlFlowOps.h"
#include "Utils.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

/// The single element of a tensor. Another number of them, which only an invocation shows, ends it.
static Value getElement(OpBuilder &builder, Location loc, Value tensor) {
  IndexMath math(builder, loc);
  OpFoldResult count = math.product(tensor::getMixedSizes(builder, loc, tensor));
  if (!getConstantIntValue(count)) {
    Value isOther = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne,
                                          math.getValue(count), math.getValue(math.get(1)));
    tensor = guardScalar(builder, loc, tensor, isOther, TFLC_INVALID_VALUE);
  }
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  SmallVector<Value> indices(cast<RankedTensorType>(tensor.getType()).getRank(), zero);
  return tensor::ExtractOp::create(builder, loc, tensor, indices);
}

/// Whether the single element of a stored bool tensor is true.
static Value isTrue(OpBuilder &builder, Location loc, Value tensor) {
  Value element = getElement(builder, loc, tensor);
  Value zero = createZero(builder, loc, element.getType());
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, element, zero);
}

/// `value` with the sizes of `type`. Others, which only an invocation shows, end it.
static Value requireShape(OpBuilder &builder, Location loc, Value value, RankedTensorType type) {
  if (value.getType() == type)
    return value;
  IndexMath math(builder, loc);
  Value isOther;
  for (auto [size, expected] :
       llvm::zip(tensor::getMixedSizes(builder, loc, value), type.getShape())) {
    if (getConstantIntValue(size) || ShapedType::isDynamic(expected))
      continue;
    Value differs = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne,
                                          math.getValue(size), math.getValue(math.get(expected)));
    isOther = isOther ? arith::OrIOp::create(builder, loc, isOther, differs).getResult() : differs;
  }
  if (isOther)
    value = guardScalar(builder, loc, value, isOther, TFLC_INVALID_VALUE);
  return tensor::CastOp::create(builder, loc, type, value);
}

/// What a loop carries at first, with the types that it has in the blocks.
static SmallVector<Value> castInits(OpBuilder &builder, Location loc, ValueRange inits,
                                    TypeRange types) {
  SmallVector<Value> carried;
  for (auto [init, type] : llvm::zip_equal(inits, types))
    carried.push_back(init.getType() == type
                          ? init
                          : tensor::CastOp::create(builder, loc, type, init).getResult());
  return carried;
}

/// The results of `loop` with the types of those of `op`: sizes at the end may be known.
static SmallVector<Value> castResults(OpBuilder &builder, Operation *loop, TypeRange types) {
  return castInits(builder, loop->getLoc(), loop->getResults(), types);
}

static void moveBlocks(ConversionPatternRewriter &rewriter, Region &from, Region &to) {
  rewriter.inlineRegionBefore(from, to, to.begin());
}

namespace {

struct ConvertBranch : OpConversionPattern<tfl::BranchOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::BranchOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto selectorType = op.getSelector().getType();
    SmallVector<Type> types;
    if (failed(getTypeConverter()->convertTypes(op.getResultTypes(), types)))
      return rewriter.notifyMatchFailure(op, "a type of a result is not supported");
    Location loc = op.getLoc();
    if (selectorType.getElementType().isSignlessInteger(1)) {
      Value condition = isTrue(rewriter, loc, adaptor.getSelector());
      auto branch = scf::IfOp::create(rewriter, loc, types, condition, /*addThenBlock=*/false,
                                      /*addElseBlock=*/false);
      moveBlocks(rewriter, op.getBlocks()[0], branch.getThenRegion());
      moveBlocks(rewriter, op.getBlocks()[1], branch.getElseRegion());
      markModelBlocks(branch);
      rewriter.replaceOp(op, branch);
      return success();
    }
    // The last block is for all numbers that no other one has.
    Value index = arith::IndexCastOp::create(rewriter, loc, rewriter.getIndexType(),
                                             getElement(rewriter, loc, adaptor.getSelector()));
    unsigned last = op.getBlocks().size() - 1;
    auto cases = llvm::to_vector(llvm::seq<int64_t>(0, last));
    auto branch = scf::IndexSwitchOp::create(rewriter, loc, types, index, cases, last);
    for (unsigned i = 0; i < last; ++i)
      moveBlocks(rewriter, op.getBlocks()[i], branch.getCaseRegions()[i]);
    moveBlocks(rewriter, op.getBlocks()[last], branch.getDefaultRegion());
    markModelBlocks(branch);
    rewriter.replaceOp(op, branch);
    return success();
  }
};

struct ConvertLoop : OpConversionPattern<tfl::LoopOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::LoopOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    SmallVector<Type> types;
    if (failed(getTypeConverter()->convertTypes(op.getBody().getArgumentTypes(), types)))
      return rewriter.notifyMatchFailure(op, "a type of a result is not supported");
    SmallVector<Value> inits = castInits(rewriter, op.getLoc(), adaptor.getInputs(), types);
    auto loop = scf::WhileOp::create(rewriter, op.getLoc(), types, inits);
    if (op.getMost())
      loop->setAttr(kMostShapesName, op.getMostAttr());
    moveBlocks(rewriter, op.getCondition(), loop.getBefore());
    moveBlocks(rewriter, op.getBody(), loop.getAfter());
    for (Region *region : {&loop.getBefore(), &loop.getAfter()})
      if (failed(rewriter.convertRegionTypes(region, *getTypeConverter())))
        return failure();
    markModelBlocks(loop);
    rewriter.replaceOp(op, loop);
    return success();
  }
};

struct ConvertRepeat : OpConversionPattern<tfl::RepeatOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::RepeatOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto numberType =
        cast<RankedTensorType>(getTypeConverter()->convertType(op.getIteration().getType()));
    Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0);
    Value one = arith::ConstantIndexOp::create(rewriter, loc, 1);
    Value end = arith::ConstantIndexOp::create(rewriter, loc, op.getCount());
    SmallVector<Type> types, resultTypes;
    if (failed(getTypeConverter()->convertTypes(ValueRange(op.getCarried()).getTypes(), types)) ||
        failed(getTypeConverter()->convertTypes(op.getResultTypes(), resultTypes)))
      return rewriter.notifyMatchFailure(op, "a type of a result is not supported");
    SmallVector<Value> inits = castInits(rewriter, loc, adaptor.getInputs(), types);
    auto loop = scf::ForOp::create(rewriter, loc, zero, end, one, inits,
                                   [](OpBuilder &, Location, Value, ValueRange) {});
    if (op.getMost())
      loop->setAttr(kMostShapesName, op.getMostAttr());
    Block *body = loop.getBody();
    rewriter.setInsertionPointToStart(body);
    Value number = arith::IndexCastOp::create(rewriter, loc, numberType.getElementType(),
                                              loop.getInductionVar());
    SmallVector<Value> arguments = {
        tensor::FromElementsOp::create(rewriter, loc, numberType, number)};
    llvm::append_range(arguments, loop.getRegionIterArgs());
    rewriter.inlineBlockBefore(&op.getBody().front(), body, body->end(), arguments);
    markModelBlocks(loop);
    rewriter.setInsertionPointAfter(loop);
    rewriter.replaceOp(op, castResults(rewriter, loop, resultTypes));
    return success();
  }
};

struct ConvertYield : OpConversionPattern<tfl::YieldOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::YieldOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (isa<tfl::TFLDialect>(op->getParentOp()->getDialect()))
      return rewriter.notifyMatchFailure(op, "the op around it is not lowered");
    auto loop = dyn_cast<scf::WhileOp>(op->getParentOp());
    if (!loop || op->getParentRegion() != &loop.getBefore()) {
      SmallVector<Value> values(adaptor.getValues());
      if (isa<scf::WhileOp, scf::ForOp>(op->getParentOp()))
        for (auto [value, type] : llvm::zip(values, op->getParentOp()->getResultTypes()))
          value = requireShape(rewriter, op.getLoc(), value, cast<RankedTensorType>(type));
      rewriter.replaceOpWithNewOp<scf::YieldOp>(op, values);
      return success();
    }
    Value condition = isTrue(rewriter, op.getLoc(), adaptor.getValues()[0]);
    rewriter.replaceOpWithNewOp<scf::ConditionOp>(op, condition, loop.getBeforeArguments());
    return success();
  }
};

} // namespace

void tflc::populateControlFlowPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertBranch, ConvertLoop, ConvertRepeat, ConvertYield>(converter,
                                                                        patterns.getContext());
}
