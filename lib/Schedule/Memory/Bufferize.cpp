//===- Bufferize.cpp - tensors to buffers ---------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "CarriedTensors.h"
#include "ForwardCopies.h"

#include "tflc/Schedule/MeasuredDims.h"
#include "tflc/Schedule/Passes.h"
#include "tflc/Support/ElementSize.h"

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
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/Support/MathExtras.h"

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
// Functions
//===----------------------------------------------------------------------===//

/// Offset of each variable at the beginning of the arena, in bytes.
struct VariableLayout {
  llvm::StringMap<std::pair<int64_t, RankedTensorType>> slots;
  int64_t size = 0;
};

VariableLayout layOutVariables(ModuleOp module) {
  VariableLayout layout;
  for (auto variable : module.getOps<tflc::tflrt::VariableOp>()) {
    auto type = cast<RankedTensorType>(variable.getType());
    int64_t bytes = type.getNumElements() * tflc::getElementBytes(type.getElementType());
    layout.slots[variable.getSymName()] = {layout.size, type};
    layout.size = llvm::alignTo(layout.size + bytes, 16);
  }
  return layout;
}

MemRefType bufferType(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return MemRefType::get(tensor.getShape(), tensor.getElementType());
}

bool hasNoElements(MemRefType type) { return type.hasStaticShape() && type.getNumElements() == 0; }

/// Whether a function can take a buffer of this type as it is; otherwise it takes a placeholder.
bool hasStorage(MemRefType type) { return type.hasStaticShape() && type.getNumElements() != 0; }

/// The dims of `result` that are unknown, as values; used to view the caller's memory for it.
SmallVector<Value> dynamicSizes(OpBuilder &builder, Location loc, Value tensor) {
  SmallVector<Value> sizes;
  auto type = cast<RankedTensorType>(tensor.getType());
  for (int64_t i = 0, e = type.getRank(); i < e; ++i)
    if (type.isDynamicDim(i))
      sizes.push_back(tensor::DimOp::create(builder, loc, tensor, i));
  return sizes;
}

/// Rewrites an entry function into destination-passing style on memrefs.
void passDestinations(func::FuncOp func, const VariableLayout &variables) {
  Block &body = func.front();
  MLIRContext *context = func.getContext();
  ImplicitLocOpBuilder builder(func.getLoc(), context);
  Type byteBuffer = MemRefType::get({ShapedType::kDynamic}, builder.getI8Type());
  Type placeholder = MemRefType::get({1}, builder.getI8Type());
  auto terminator = cast<func::ReturnOp>(body.getTerminator());

  SmallVector<DictionaryAttr> argAttrs;
  func.getAllArgAttrs(argAttrs);
  SmallVector<DictionaryAttr> resultAttrs;
  func.getAllResultAttrs(resultAttrs);
  argAttrs.resize(func.getNumArguments(), builder.getDictionaryAttr({}));
  resultAttrs.resize(func.getNumResults(), builder.getDictionaryAttr({}));
  for (auto [attrs, type] : llvm::zip_equal(resultAttrs, func.getResultTypes())) {
    auto tensor = cast<RankedTensorType>(type);
    if (tensor.hasStaticShape())
      continue;
    NamedAttrList list(attrs);
    list.set(tflc::kOutputShapeAttrName, builder.getDenseI64ArrayAttr(tensor.getShape()));
    attrs = list.getDictionary(context);
  }
  argAttrs.append(resultAttrs);

  // Inputs.
  unsigned inputs = body.getNumArguments();
  SmallVector<std::pair<unsigned, int64_t>> unknown; // input and dimension of each index argument
  for (unsigned i = 0; i < inputs; ++i) {
    auto type = cast<RankedTensorType>(body.getArgument(i).getType());
    for (int64_t d = 0; d < type.getRank(); ++d)
      if (type.isDynamicDim(d))
        unknown.push_back({i, d});
  }
  SmallVector<Value> outputs;
  SmallVector<Type> outputTypes;
  for (Value result : terminator.getOperands()) {
    MemRefType type = bufferType(result.getType());
    outputTypes.push_back(hasStorage(type) ? Type(type) : placeholder);
    outputs.push_back(body.addArgument(outputTypes.back(), func.getLoc()));
  }
  Value arena = body.addArgument(byteBuffer, func.getLoc());
  argAttrs.push_back(
      builder.getDictionaryAttr(builder.getNamedAttr("tflc.arena", builder.getUnitAttr())));
  SmallVector<Value> dims;
  for (auto [input, dim] : unknown) {
    dims.push_back(body.addArgument(builder.getIndexType(), func.getLoc()));
    argAttrs.push_back(builder.getDictionaryAttr(builder.getNamedAttr(
        "tflc.dim", builder.getI64ArrayAttr({static_cast<int64_t>(input), dim}))));
  }

  builder.setInsertionPointToStart(&body);
  Value zero;
  unsigned nextDim = 0;
  for (unsigned i = 0; i < inputs; ++i) {
    BlockArgument arg = body.getArgument(i);
    auto tensorType = cast<RankedTensorType>(arg.getType());
    MemRefType type = bufferType(tensorType);
    SmallVector<Operation *> users(arg.getUsers());
    SmallVector<Value> sizes;
    for (int64_t d = 0; d < tensorType.getRank(); ++d)
      if (tensorType.isDynamicDim(d))
        sizes.push_back(dims[nextDim++]);
    arg.setType(hasStorage(type) ? Type(type) : placeholder);
    if (hasNoElements(type)) {
      arg.replaceAllUsesWith(
          tensor::EmptyOp::create(builder, tensorType.getShape(), tensorType.getElementType()));
      continue;
    }
    Value buffer = arg;
    if (!sizes.empty()) {
      if (!zero)
        zero = arith::ConstantIndexOp::create(builder, 0);
      buffer = memref::ViewOp::create(builder, type, arg, zero, sizes);
    }
    Value tensor =
        bufferization::ToTensorOp::create(builder, tensorType, buffer, /*restrict=*/true);
    arg.replaceUsesWithIf(tensor, [&](OpOperand &use) {
      return use.getOwner() != tensor.getDefiningOp() && llvm::is_contained(users, use.getOwner());
    });
  }

  // Variables.
  auto variableBuffer = [&](StringRef name) -> Value {
    auto [offset, type] = variables.slots.lookup(name);
    Value start = arith::ConstantIndexOp::create(builder, offset);
    return memref::ViewOp::create(builder, bufferType(type), arena, start, ValueRange{});
  };
  SmallVector<Operation *> accesses;
  func.walk([&](Operation *op) {
    if (isa<tflc::tflrt::ReadVariableOp, tflc::tflrt::AssignVariableOp>(op))
      accesses.push_back(op);
  });
  for (Operation *op : accesses) {
    builder.setInsertionPoint(op);
    builder.setLoc(op->getLoc());
    if (auto read = dyn_cast<tflc::tflrt::ReadVariableOp>(op)) {
      // A copy: the variable may be assigned while the old value is still needed.
      auto type = cast<RankedTensorType>(read.getType());
      Value source = bufferization::ToTensorOp::create(
          builder, type, variableBuffer(read.getVariable()), /*restrict=*/true);
      Value empty = tensor::EmptyOp::create(builder, type.getShape(), type.getElementType());
      AffineMap map = builder.getMultiDimIdentityMap(type.getRank());
      auto copy = linalg::GenericOp::create(
          builder, TypeRange{type}, ValueRange{source}, ValueRange{empty},
          ArrayRef<AffineMap>{map, map},
          SmallVector<utils::IteratorType>(type.getRank(), utils::IteratorType::parallel),
          [](OpBuilder &b, Location loc, ValueRange args) {
            linalg::YieldOp::create(b, loc, args[0]);
          });
      read.replaceAllUsesWith(copy.getResult(0));
      read.erase();
    } else if (auto assign = dyn_cast<tflc::tflrt::AssignVariableOp>(op)) {
      bufferization::MaterializeInDestinationOp::create(builder, Type(), assign.getValue(),
                                                        variableBuffer(assign.getVariable()),
                                                        /*restrict=*/true, /*writable=*/true);
      assign.erase();
    }
  }

  // Results.
  builder.setInsertionPoint(terminator);
  builder.setLoc(terminator.getLoc());
  for (auto [result, output] : llvm::zip_equal(terminator.getOperands(), outputs)) {
    Value destination = output;
    MemRefType type = bufferType(result.getType());
    if (hasNoElements(type))
      continue;
    if (!type.hasStaticShape()) {
      Value start = arith::ConstantIndexOp::create(builder, 0);
      destination = memref::ViewOp::create(builder, type, output, start,
                                           dynamicSizes(builder, terminator.getLoc(), result));
    }
    bufferization::MaterializeInDestinationOp::create(builder, Type(), result, destination,
                                                      /*restrict=*/true, /*writable=*/true);
  }
  func::ReturnOp::create(builder);
  terminator.erase();
  func.setType(FunctionType::get(context, body.getArgumentTypes(), {}));
  func.setAllArgAttrs(argAttrs);
}

/// A model with variables has a function that gives them their initial values; what the model's own
/// initialization stores comes after that.
void initializeVariables(ModuleOp module) {
  auto variables = llvm::to_vector(module.getOps<tflc::tflrt::VariableOp>());
  if (variables.empty())
    return;
  auto reset = module.lookupSymbol<func::FuncOp>("tflc.reset");
  ImplicitLocOpBuilder builder(module.getLoc(), module.getContext());
  if (!reset) {
    builder.setInsertionPointToEnd(module.getBody());
    reset = func::FuncOp::create(builder, "tflc.reset", builder.getFunctionType({}, {}));
    builder.setInsertionPointToStart(reset.addEntryBlock());
    func::ReturnOp::create(builder);
  }
  reset.setPublic(); // called by the descriptor
  builder.setInsertionPointToStart(&reset.front());
  for (auto variable : variables) {
    builder.setLoc(variable.getLoc());
    auto type = cast<RankedTensorType>(variable.getType());
    TypedAttr value = builder.getZeroAttr(type);
    if (variable.getInitialValue())
      value = cast<TypedAttr>(static_cast<Attribute>(*variable.getInitialValue()));
    Value constant = arith::ConstantOp::create(builder, value);
    tflc::tflrt::AssignVariableOp::create(builder, variable.getSymName(), constant);
  }
}

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
    initializeVariables(module);
    VariableLayout variables = layOutVariables(module);
    for (auto func : module.getOps<func::FuncOp>())
      if (func->hasAttr("tfl.signature") || func.getName() == "tflc.reset")
        passDestinations(func, variables);
    for (auto variable : llvm::make_early_inc_range(module.getOps<tflc::tflrt::VariableOp>()))
      variable.erase();
    if (variables.size > 0)
      module->setAttr("tflc.variables_size",
                      IntegerAttr::get(IntegerType::get(context, 64), variables.size));
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
