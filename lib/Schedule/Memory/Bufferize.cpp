//===- Bufferize.cpp - tensors to buffers ---------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "CarriedTensors.h"
#include "DestinationPassing.h"
#include "ForwardCopies.h"

#include "tflc/Schedule/Passes.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/Bufferize.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotModuleBufferize.h"
#include "mlir/Dialect/Bufferization/Transforms/Transforms.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/RegionUtils.h"

namespace tflc {
#define GEN_PASS_DEF_BUFFERIZE
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;

namespace {

//===----------------------------------------------------------------------===//
// Padding
//===----------------------------------------------------------------------===//

/// The op that computes `value`, or the last part of it where it is joined from several.
Operation *findLastProducer(Value value, Block *block) {
  Operation *op = value.getDefiningOp();
  if (!op || op->getBlock() != block)
    return nullptr;
  auto insert = dyn_cast<tensor::InsertSliceOp>(op);
  if (!insert)
    return op;
  Operation *source = findLastProducer(insert.getSource(), block);
  Operation *rest = findLastProducer(insert.getDest(), block);
  if (!source || isa_and_present<tensor::EmptyOp>(rest))
    return source;
  return rest && source->isBeforeInBlock(rest) ? rest : source;
}

/// pad(x) -> insert_slice(x, fill(empty)). The filled buffer is created before the op that computes
/// `x`, so that empty-tensor elimination can let that op write straight into the interior.
struct PadIntoFilledBuffer : OpRewritePattern<tensor::PadOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::PadOp op, PatternRewriter &rewriter) const override {
    Value padding = op.getConstantPaddingValue();
    if (!padding)
      return rewriter.notifyMatchFailure(op, "padding value is not constant");
    RankedTensorType type = op.getResultType();
    Location loc = op.getLoc();
    SmallVector<OpFoldResult> sizes;
    if (type.hasStaticShape()) {
      for (int64_t size : type.getShape())
        sizes.push_back(rewriter.getIndexAttr(size));
      if (Operation *producer = findLastProducer(op.getSource(), op->getBlock()))
        rewriter.setInsertionPoint(producer);
    } else {
      for (int64_t i = 0, e = type.getRank(); i < e; ++i) {
        AffineExpr s0, s1, s2;
        bindSymbols(rewriter.getContext(), s0, s1, s2);
        OpFoldResult source = tensor::getMixedSize(rewriter, loc, op.getSource(), i);
        sizes.push_back(affine::makeComposedFoldedAffineApply(
            rewriter, loc, s0 + s1 + s2,
            {source, op.getMixedLowPad()[i], op.getMixedHighPad()[i]}));
      }
    }
    // The constant may be defined after the producer.
    if (auto constant = padding.getDefiningOp<arith::ConstantOp>())
      padding = arith::ConstantOp::create(rewriter, loc, constant.getValue());
    Value empty = tensor::EmptyOp::create(rewriter, loc, sizes, type.getElementType());
    Value filled = linalg::FillOp::create(rewriter, loc, padding, empty).getResult(0);
    rewriter.setInsertionPoint(op);
    SmallVector<OpFoldResult> sourceSizes = tensor::getMixedSizes(rewriter, loc, op.getSource());
    SmallVector<OpFoldResult> strides(type.getRank(), rewriter.getIndexAttr(1));
    rewriter.replaceOpWithNewOp<tensor::InsertSliceOp>(op, op.getSource(), filled,
                                                       op.getMixedLowPad(), sourceSizes, strides);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Tensors that ops start from
//===----------------------------------------------------------------------===//

/// Whether reductions alone read the op, to start from what it gives.
bool initializesReductions(linalg::GenericOp op) {
  return op.getNumResults() == 1 && op.getNumReductionLoops() == 0 &&
         llvm::all_of(op->getUses(), [](OpOperand &use) {
           auto user = dyn_cast<linalg::LinalgOp>(use.getOwner());
           return user && user.isDpsInit(&use) && user.getNumReductionLoops() > 0;
         });
}

/// Gives every use of a `tensor.empty`, of a fill of one, and of a bias that reductions start from
/// an op of its own. Ops that share one would share its buffer, and an accumulator that several
/// reductions share cannot stay in registers.
void separateInitialTensors(ModuleOp module) {
  SmallVector<Operation *> shared;
  module.walk([&](linalg::GenericOp op) {
    if (initializesReductions(op))
      shared.push_back(op);
  });
  module.walk([&](linalg::FillOp op) {
    if (op.getNumResults() == 1 && op.getOutputs()[0].getDefiningOp<tensor::EmptyOp>())
      shared.push_back(op);
  });
  module.walk([&](tensor::EmptyOp op) {
    // Blocks of a branch that write single elements, or none, have to agree on the place.
    if (llvm::none_of(op->getUsers(), [](Operation *user) {
          return isa<tensor::InsertOp, scf::YieldOp>(user) &&
                 isa_and_present<scf::IfOp>(user->getParentOp());
        }))
      shared.push_back(op);
  });
  for (Operation *op : shared) {
    SmallVector<OpOperand *> uses;
    bool isElsewhere = false;
    for (OpOperand &use : op->getUses()) {
      uses.push_back(&use);
      auto user = dyn_cast<DestinationStyleOpInterface>(use.getOwner());
      isElsewhere |= user && user.isDpsInit(&use) && use.getOwner()->getBlock() != op->getBlock();
    }
    if (uses.size() < 2 && !isElsewhere)
      continue;
    for (OpOperand *use : uses) {
      // It runs just before the reduction that it initializes, and becomes one with it. In a loop
      // it has a buffer for each iteration.
      bool staysInPlace = isa<tensor::EmptyOp>(op) && use->getOwner()->getBlock() == op->getBlock();
      OpBuilder builder(staysInPlace ? op : use->getOwner());
      use->set(builder.clone(*op)->getResult(0));
    }
    op->erase();
  }
}

/// Names constants in the order in which they are first read. One-shot bufferization goes through
/// functions in an order that differs from run to run, but the object must not.
void nameConstants(ModuleOp module) {
  llvm::MapVector<StringAttr, memref::GlobalOp> constants; // in the order of reads
  SymbolTable symbols(module);
  SmallVector<memref::GetGlobalOp> reads;
  module.walk([&](memref::GetGlobalOp read) {
    auto global = symbols.lookup<memref::GlobalOp>(read.getName());
    if (!global || !global.getConstant())
      return;
    reads.push_back(read);
    constants.try_emplace(global.getSymNameAttr(), global);
  });
  DenseMap<StringAttr, StringAttr> names;
  Operation *last = nullptr;
  for (auto &[name, global] : constants) {
    names[name] = StringAttr::get(module.getContext(), "constant." + Twine(names.size()));
    global.setSymNameAttr(names[name]);
    if (last)
      global->moveAfter(last);
    else
      global->moveBefore(&module.getBody()->front());
    last = global;
  }
  for (memref::GetGlobalOp read : reads)
    read.setName(names.lookup(read.getNameAttr().getAttr()).getValue());
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

/// A copy is one more linalg op, so that it is scheduled like all others.
struct CopyToGeneric : OpRewritePattern<memref::CopyOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(memref::CopyOp op, PatternRewriter &rewriter) const override {
    if (op.getSource() == op.getTarget()) {
      rewriter.eraseOp(op); // the value was computed in place
      return success();
    }
    int64_t rank = cast<MemRefType>(op.getSource().getType()).getRank();
    AffineMap map = rewriter.getMultiDimIdentityMap(rank);
    rewriter.replaceOpWithNewOp<linalg::GenericOp>(
        op, op.getSource(), op.getTarget(), ArrayRef<AffineMap>{map, map},
        SmallVector<utils::IteratorType>(rank, utils::IteratorType::parallel),
        [](OpBuilder &b, Location loc, ValueRange args) {
          linalg::YieldOp::create(b, loc, args[0]);
        });
    return success();
  }
};

/// A copy of a buffer onto itself: a variable whose new value is computed in place.
struct EraseCopyOntoItself : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::GenericOp op, PatternRewriter &rewriter) const override {
    if (!op.hasPureBufferSemantics() || op.getNumDpsInputs() != 1 || op.getNumDpsInits() != 1 ||
        op.getDpsInputs()[0] != op.getDpsInits()[0] ||
        op.getIndexingMapsArray()[0] != op.getIndexingMapsArray()[1])
      return rewriter.notifyMatchFailure(op, "not a copy onto itself");
    auto yield = cast<linalg::YieldOp>(op.getBody()->getTerminator());
    if (yield.getValues()[0] != op.getBody()->getArgument(0))
      return rewriter.notifyMatchFailure(op, "not a copy");
    rewriter.eraseOp(op);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Pass
//===----------------------------------------------------------------------===//

struct BufferizePass : tflc::impl::BufferizeBase<BufferizePass> {
  void getDependentDialects(DialectRegistry &registry) const override {
    BufferizeBase::getDependentDialects(registry);
    tflc::registerScheduleDialects(registry);
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    MLIRContext *context = &getContext();

    RewritePatternSet padding(context);
    padding.add<PadIntoFilledBuffer>(context);
    memref::populateResolveRankedShapedTypeResultDimsPatterns(padding);
    if (failed(applyPatternsGreedily(module, std::move(padding))))
      return signalPassFailure();

    // From here on the order of ops in a block is the order of what they do.
    module.walk([](tflc::tflrt::GuardOp guard) {
      if (!guard.getValue())
        return;
      guard.getResult().replaceAllUsesWith(guard.getValue());
      OpBuilder builder(guard);
      tflc::tflrt::GuardOp::create(builder, guard.getLoc(), TypeRange(), guard.getStatus(),
                                   Value());
      guard.erase();
    });
    tflc::passDestinations(module);
    RewritePatternSet dims(context);
    memref::populateResolveRankedShapedTypeResultDimsPatterns(dims);
    if (failed(applyPatternsGreedily(module, std::move(dims))))
      return signalPassFailure();

    separateInitialTensors(module);
    if (failed(tflc::placeCarriedTensors(module)))
      return signalPassFailure();
    IRRewriter rewriter(context);
    for (auto func : module.getOps<func::FuncOp>())
      if (failed(bufferization::eliminateEmptyTensors(rewriter, func)))
        return signalPassFailure();

    bufferization::OneShotBufferizationOptions options;
    options.bufferizeFunctionBoundaries = true;
    options.setFunctionBoundaryTypeConversion(bufferization::LayoutMapOption::IdentityLayoutMap);
    options.bufferAlignment = 0; // placement and alignment are the arena planner's
    bufferization::BufferizationState state;
    if (failed(bufferization::runOneShotModuleBufferize(module, options, state)))
      return signalPassFailure();
    bufferization::removeBufferizationAttributesInModule(module);
    if (failed(tflc::dropCarriedBuffers(module)))
      return signalPassFailure();
    nameConstants(module);

    DominanceInfo dominance(module);
    eliminateCommonSubExpressions(rewriter, dominance, module); // equal views become one value
    tflc::forwardCopies(module);
    RewritePatternSet patterns(context);
    patterns.add<CopyToGeneric, EraseCopyOntoItself>(context);
    memref::ViewOp::getCanonicalizationPatterns(patterns, context);
    memref::SubViewOp::getCanonicalizationPatterns(patterns, context);
    memref::CastOp::getCanonicalizationPatterns(patterns, context);
    if (failed(applyPatternsGreedily(module, std::move(patterns))))
      return signalPassFailure();
  }
};

} // namespace
