//===- ControlFlowOps.cpp - branches and loops ----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ControlFlowOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ShapeValues.h"
#include "TFL/IR/Subgraphs.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/ControlFlowOps.cpp.inc"

using Shapes = SmallVectorImpl<SmallVector<int64_t>>;

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

static void appendShapes(ValueRange values, Shapes &shapes) {
  for (Value value : values)
    shapes.emplace_back(shapeOf(value));
}

/// What decides on a branch or an iteration has one element of type `width` bits.
static LogicalResult verifyScalar(Operation *op, Type given, unsigned width, StringRef what) {
  auto type = cast<RankedTensorType>(given);
  if (!type.getElementType().isSignlessInteger(width))
    return op->emitError() << what << " must be " << (width == 1 ? "bool" : "int32") << ", found "
                           << getElementTypeName(type);
  std::optional<int64_t> count = getNumElements(type.getShape());
  if (type.hasStaticShape() && count != 1)
    return op->emitError() << what << " must have one element, its shape is "
                           << getShapeText(type.getShape());
  return success();
}

//===----------------------------------------------------------------------===//
// Operators that name subgraphs
//===----------------------------------------------------------------------===//

SmallVector<FlatSymbolRefAttr> tflc::tfl::getSubgraphs(Operation *op) {
  if (auto branch = dyn_cast<IfOp>(op))
    return {branch.getThenSubgraphAttr(), branch.getElseSubgraphAttr()};
  if (auto branch = dyn_cast<StablehloCaseOp>(op))
    return llvm::to_vector(branch.getBranchSubgraphs().getAsRange<FlatSymbolRefAttr>());
  if (auto loop = dyn_cast<WhileOp>(op))
    return {loop.getCondSubgraphAttr(), loop.getBodySubgraphAttr()};
  if (auto loop = dyn_cast<StablehloWhileOp>(op))
    return {loop.getCondSubgraphAttr(), loop.getBodySubgraphAttr()};
  return {};
}

bool tflc::tfl::isLoopOverSubgraphs(Operation *op) { return isa<WhileOp, StablehloWhileOp>(op); }

static LogicalResult compareTypes(Operation *op, StringRef subgraph, StringRef what,
                                  TypeRange expected, TypeRange given) {
  if (expected.size() != given.size())
    return op->emitError() << "the subgraph \"" << subgraph << "\" has " << expected.size() << " "
                           << what << "s, but " << given.size() << " are given";
  for (auto [i, types] : llvm::enumerate(llvm::zip(expected, given))) {
    Type own = getElementTypeOrSelf(std::get<0>(types)),
         other = getElementTypeOrSelf(std::get<1>(types));
    if (own == other)
      continue;
    InFlightDiagnostic error = op->emitError();
    error << what << " " << i << " of the subgraph \"" << subgraph << "\" is "
          << getElementTypeName(own);
    if (getElementTypeName(own) == getElementTypeName(other))
      return error << " with another quantization";
    return error << ", but " << getElementTypeName(other) << " is given";
  }
  return success();
}

/// Checks that `attribute` names a subgraph that takes `inputs` and gives `outputs`.
static LogicalResult verifySubgraph(Operation *op, SymbolTableCollection &symbols,
                                    Attribute attribute, TypeRange inputs, TypeRange outputs) {
  auto reference = dyn_cast<FlatSymbolRefAttr>(attribute);
  auto callee =
      reference ? symbols.lookupNearestSymbolFrom<func::FuncOp>(op, reference) : func::FuncOp();
  if (!callee)
    return op->emitError("there is no subgraph ") << attribute;
  StringRef name = reference.getValue();
  if (failed(compareTypes(op, name, "input", callee.getArgumentTypes(), inputs)))
    return failure();
  return compareTypes(op, name, "output", callee.getResultTypes(), outputs);
}

LogicalResult IfOp::verify() {
  return verifyScalar(*this, getCondition().getType(), 1, "the condition");
}

LogicalResult IfOp::inferShapes(Shapes &shapes) {
  appendShapes(getOutputs(), shapes); // follow when the subgraph stands in its place
  return success();
}

LogicalResult IfOp::verifySymbolUses(SymbolTableCollection &symbols) {
  for (Attribute subgraph : {getThenSubgraphAttr(), getElseSubgraphAttr()})
    if (failed(verifySubgraph(*this, symbols, subgraph, getInputs().getTypes(),
                              getOutputs().getTypes())))
      return failure();
  return success();
}

LogicalResult StablehloCaseOp::verify() {
  if (getBranchSubgraphs().empty())
    return emitError("has no subgraph to run");
  return verifyScalar(*this, getIndex().getType(), 32, "the index");
}

LogicalResult StablehloCaseOp::inferShapes(Shapes &shapes) {
  appendShapes(getOutputs(), shapes);
  return success();
}

LogicalResult StablehloCaseOp::verifySymbolUses(SymbolTableCollection &symbols) {
  for (Attribute subgraph : getBranchSubgraphs())
    if (failed(verifySubgraph(*this, symbols, subgraph, getInputs().getTypes(),
                              getOutputs().getTypes())))
      return failure();
  return success();
}

static LogicalResult verifyWhile(Operation *op) {
  for (auto [i, types] : llvm::enumerate(llvm::zip(op->getOperandTypes(), op->getResultTypes())))
    if (getElementTypeOrSelf(std::get<0>(types)) != getElementTypeOrSelf(std::get<1>(types)))
      return op->emitError() << "input " << i << " is " << getElementTypeName(std::get<0>(types))
                             << ", but output " << i << " is "
                             << getElementTypeName(std::get<1>(types));
  return success();
}

template <typename Op>
static LogicalResult verifyWhileSubgraphs(Op op, SymbolTableCollection &symbols) {
  TypeRange carried = op.getInputs().getTypes();
  auto condition = symbols.lookupNearestSymbolFrom<func::FuncOp>(op, op.getCondSubgraphAttr());
  if (!condition)
    return op.emitError("there is no subgraph ") << op.getCondSubgraphAttr();
  if (failed(
          compareTypes(op, op.getCondSubgraph(), "input", condition.getArgumentTypes(), carried)))
    return failure();
  if (condition.getNumResults() != 1)
    return op.emitError("the condition \"")
           << op.getCondSubgraph() << "\" must have one output, it has "
           << condition.getNumResults();
  if (failed(verifyScalar(op, condition.getResultTypes()[0], 1, "the condition's output")))
    return failure();
  return verifySubgraph(op, symbols, op.getBodySubgraphAttr(), carried, op.getOutputs().getTypes());
}

LogicalResult WhileOp::verify() {
  if (getNumOperands() != getNumResults())
    return emitError("has ") << getNumOperands() << " inputs and " << getNumResults()
                             << " outputs; it must have as many";
  return verifyWhile(*this);
}

LogicalResult WhileOp::inferShapes(Shapes &shapes) {
  appendShapes(getOutputs(), shapes);
  return success();
}

LogicalResult WhileOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyWhileSubgraphs(*this, symbols);
}

LogicalResult StablehloWhileOp::verify() {
  if (getNumOperands() != getNumResults())
    return emitError("has ") << getNumOperands() << " inputs and " << getNumResults()
                             << " outputs; it must have as many";
  return verifyWhile(*this);
}

LogicalResult StablehloWhileOp::inferShapes(Shapes &shapes) {
  appendShapes(getOutputs(), shapes);
  return success();
}

LogicalResult StablehloWhileOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyWhileSubgraphs(*this, symbols);
}

//===----------------------------------------------------------------------===//
// Ops with regions
//===----------------------------------------------------------------------===//

static YieldOp getYield(Region &region) {
  return dyn_cast<YieldOp>(region.front().getTerminator());
}

/// Checks numbers and element types of what a block yields for `expected`.
static LogicalResult verifyYield(Operation *op, Region &region, TypeRange expected) {
  YieldOp yield = getYield(region);
  if (!yield)
    return op->emitOpError("has a block that does not end with tfl.yield");
  if (yield.getValues().size() != expected.size())
    return yield.emitOpError("has ")
           << yield.getValues().size() << " values, expected " << expected.size();
  for (auto [given, type] : llvm::zip(yield.getValues().getTypes(), expected))
    if (getElementTypeOrSelf(given) != getElementTypeOrSelf(type))
      return yield.emitOpError("gives ")
             << getElementTypeName(given) << ", expected " << getElementTypeName(type);
  return success();
}

/// Whether a tensor of shape `wide` may have the sizes of `given`.
static bool mayBe(ArrayRef<int64_t> wide, ArrayRef<int64_t> given) {
  return wide.size() == given.size() && llvm::all_of(llvm::zip(wide, given), [](auto sizes) {
           auto [size, expected] = sizes;
           return size == expected || size == ShapedType::kDynamic;
         });
}

/// Checks that a block's arguments have the types of `inputs`, of which the loop gives as many. A
/// size that changes later is unknown in the block.
static LogicalResult verifyArguments(Operation *op, Block::BlockArgListType arguments,
                                     ValueRange inputs) {
  if (op->getNumResults() != inputs.size())
    return op->emitOpError("has ")
           << inputs.size() << " inputs and " << op->getNumResults() << " outputs";
  bool fits = arguments.size() == inputs.size();
  for (auto [argument, input] : llvm::zip(arguments, inputs))
    fits &= getElementTypeOrSelf(argument) == getElementTypeOrSelf(input) &&
            mayBe(shapeOf(argument), shapeOf(input));
  if (!fits)
    return op->emitOpError("has a block whose arguments are not the tensors that it carries");
  return success();
}

static LogicalResult verifyShapeList(Operation *op, ArrayAttr shapes) {
  if (shapes && (shapes.size() != op->getNumResults() ||
                 !llvm::all_of(shapes, llvm::IsaPred<DenseI64ArrayAttr>)))
    return op->emitOpError("has a list of shapes that is not one for each tensor that it carries");
  return success();
}

/// A size that only data tell, as where a row of a tensor is replaced between two slices of it, is
/// checked when the model runs.
static LogicalResult inferCarried(Operation *op, ValueRange carried, Region &body, Shapes &shapes) {
  for (auto [i, values] : llvm::enumerate(llvm::zip(carried, getYield(body).getValues()))) {
    ArrayRef<int64_t> before = shapeOf(std::get<0>(values)), after = shapeOf(std::get<1>(values));
    if (!mayBe(after, before) && !mayBe(before, after))
      return op->emitError() << "tensor " << i << " of the loop has shape " << getShapeText(before)
                             << " at first and " << getShapeText(after)
                             << " behind an iteration; ranks that change are not supported";
    shapes.emplace_back(before);
  }
  return success();
}

LogicalResult BranchOp::verify() {
  bool isBool = getElementTypeOrSelf(getSelector().getType()).isSignlessInteger(1);
  if (getBlocks().empty() || (isBool && getBlocks().size() != 2))
    return emitOpError("has ") << getBlocks().size() << " blocks";
  if (failed(verifyScalar(*this, getSelector().getType(), isBool ? 1 : 32, "the selector")))
    return failure();
  for (Region &region : getBlocks())
    if (region.getNumArguments() != 0 ||
        failed(verifyYield(*this, region, getOutputs().getTypes())))
      return emitOpError("has a block that does not fit it");
  return success();
}

LogicalResult BranchOp::inferShapes(Shapes &shapes) {
  appendShapes(getYield(getBlocks().front()).getValues(), shapes);
  for (Region &region : getBlocks().drop_front())
    for (auto [i, value] : llvm::enumerate(getYield(region).getValues())) {
      ArrayRef<int64_t> shape = shapeOf(value);
      if (shape.size() != shapes[i].size())
        return emitError() << "output " << i << " has shape " << getShapeText(shapes[i])
                           << " in one branch and " << getShapeText(shape)
                           << " in another; ranks that differ are not supported";
      // The branch that runs says how large the output is.
      for (auto [size, other] : llvm::zip_equal(shapes[i], shape))
        if (size != other)
          size = ShapedType::kDynamic;
    }
  return success();
}

LogicalResult LoopOp::verify() {
  if (failed(verifyArguments(*this, getCondition().getArguments(), getInputs())) ||
      failed(verifyArguments(*this, getBody().getArguments(), getInputs())) ||
      failed(verifyYield(*this, getBody(), getOutputs().getTypes())) ||
      failed(verifyShapeList(*this, getMostAttr())))
    return failure();
  YieldOp condition = getYield(getCondition());
  if (!condition || condition.getValues().size() != 1)
    return emitOpError("has a condition that does not yield one value");
  return verifyScalar(*this, condition.getValues()[0].getType(), 1, "the condition");
}

LogicalResult LoopOp::inferShapes(Shapes &shapes) {
  return inferCarried(*this, getBody().getArguments(), getBody(), shapes);
}

LogicalResult RepeatOp::verify() {
  if (getBody().getNumArguments() == 0)
    return emitOpError("has a block without the number of the iteration");
  auto type = dyn_cast<RankedTensorType>(getIteration().getType());
  if (!type || !type.hasStaticShape() || type.getNumElements() != 1 ||
      !(type.getElementType().isSignlessInteger(32) || type.getElementType().isSignlessInteger(64)))
    return emitOpError("has a number of the iteration of type ") << getIteration().getType();
  if (failed(verifyArguments(*this, getCarried(), getInputs())) ||
      failed(verifyShapeList(*this, getMostAttr())) ||
      failed(verifyShapeList(*this, getLastAttr())))
    return failure();
  return verifyYield(*this, getBody(), getOutputs().getTypes());
}

LogicalResult RepeatOp::inferShapes(Shapes &shapes) {
  if (failed(inferCarried(*this, getCarried(), getBody(), shapes)))
    return failure();
  if (getLast())
    for (auto [shape, last] :
         llvm::zip_equal(shapes, getLastAttr().getAsRange<DenseI64ArrayAttr>()))
      shape = llvm::to_vector(last.asArrayRef());
  return success();
}
