//===- DestinationPassing.cpp - functions that get their memory -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DestinationPassing.h"

#include "tflc/Schedule/MeasuredDims.h"
#include "tflc/Support/ElementSize.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

namespace {
/// Offset of each variable at the beginning of the arena, in bytes.
struct VariableLayout {
  llvm::StringMap<std::pair<int64_t, RankedTensorType>> slots;
  int64_t size = 0;
};
} // namespace

static VariableLayout layOutVariables(ModuleOp module) {
  VariableLayout layout;
  for (auto variable : module.getOps<tflrt::VariableOp>()) {
    auto type = cast<RankedTensorType>(variable.getType());
    int64_t bytes = type.getNumElements() * getElementBytes(type.getElementType());
    layout.slots[variable.getSymName()] = {layout.size, type};
    layout.size = llvm::alignTo(layout.size + bytes, 16);
  }
  return layout;
}

static MemRefType bufferType(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  return MemRefType::get(tensor.getShape(), tensor.getElementType());
}

static bool hasNoElements(MemRefType type) {
  return type.hasStaticShape() && type.getNumElements() == 0;
}

/// Whether a function can take a buffer of this type as it is; otherwise it takes a placeholder.
static bool hasStorage(MemRefType type) {
  return type.hasStaticShape() && type.getNumElements() != 0;
}

/// The dims of `result` that are unknown, as values; used to view the caller's memory for it.
static SmallVector<Value> dynamicSizes(OpBuilder &builder, Location loc, Value tensor) {
  SmallVector<Value> sizes;
  auto type = cast<RankedTensorType>(tensor.getType());
  for (int64_t i = 0, e = type.getRank(); i < e; ++i)
    if (type.isDynamicDim(i))
      sizes.push_back(tensor::DimOp::create(builder, loc, tensor, i));
  return sizes;
}

namespace {
/// Rewrites an entry function into destination-passing style on memrefs.
class FunctionRewriter {
public:
  FunctionRewriter(func::FuncOp func, const VariableLayout &variables)
      : func(func), body(func.front()), variables(variables),
        terminator(cast<func::ReturnOp>(body.getTerminator())), numInputs(body.getNumArguments()),
        builder(func.getLoc(), func.getContext()),
        placeholder(MemRefType::get({1}, builder.getI8Type())) {}

  void rewrite();

private:
  void showEmptyResults();
  void describeArguments();
  void addArguments();
  void addDims();
  void readInputs();
  Value viewInput(BlockArgument argument, MemRefType type, ArrayRef<Value> sizes);
  Value viewVariable(StringRef name);
  void accessVariables();
  void readVariable(tflrt::ReadVariableOp read);
  void writeResults();

  func::FuncOp func;
  Block &body;
  const VariableLayout &variables;
  func::ReturnOp terminator;
  unsigned numInputs;
  ImplicitLocOpBuilder builder;
  Type placeholder;
  SmallVector<DictionaryAttr> attributes; ///< of the arguments
  SmallVector<Value> outputs;
  Value arena;
  SmallVector<Value> dims; ///< the unknown ones of all inputs
};
} // namespace

/// What is empty is never written: its shape has to be seen here.
void FunctionRewriter::showEmptyResults() {
  for (OpOperand &operand : terminator->getOpOperands())
    if (auto cast = operand.get().getDefiningOp<tensor::CastOp>();
        cast && hasNoElements(bufferType(cast.getSource().getType())))
      operand.set(cast.getSource());
}

/// Results become arguments, and keep their attributes; what a type does not say any more joins
/// them.
void FunctionRewriter::describeArguments() {
  func.getAllArgAttrs(attributes);
  SmallVector<DictionaryAttr> ofResults;
  func.getAllResultAttrs(ofResults);
  attributes.resize(func.getNumArguments(), builder.getDictionaryAttr({}));
  ofResults.resize(func.getNumResults(), builder.getDictionaryAttr({}));
  for (auto [attrs, type, result] :
       llvm::zip_equal(ofResults, func.getResultTypes(), terminator.getOperands())) {
    auto tensor = cast<RankedTensorType>(type);
    if (tensor.hasStaticShape())
      continue;
    NamedAttrList list(attrs);
    list.set(kOutputShapeAttrName, builder.getDenseI64ArrayAttr(tensor.getShape()));
    if (MemRefType buffer = bufferType(result.getType()); buffer.hasStaticShape())
      list.set(kKnownShapeAttrName, builder.getDenseI64ArrayAttr(buffer.getShape()));
    attrs = list.getDictionary(func.getContext());
  }
  attributes.append(ofResults);
}

/// Appends the outputs, the arena and the unknown dimensions of inputs.
void FunctionRewriter::addArguments() {
  for (Value result : terminator.getOperands()) {
    MemRefType type = bufferType(result.getType());
    outputs.push_back(body.addArgument(hasStorage(type) ? Type(type) : placeholder, func.getLoc()));
  }
  arena =
      body.addArgument(MemRefType::get({ShapedType::kDynamic}, builder.getI8Type()), func.getLoc());
  attributes.push_back(
      builder.getDictionaryAttr(builder.getNamedAttr("tflc.arena", builder.getUnitAttr())));
  addDims();
}

void FunctionRewriter::addDims() {
  for (unsigned input = 0; input < numInputs; ++input) {
    auto type = cast<RankedTensorType>(body.getArgument(input).getType());
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      if (!type.isDynamicDim(dim))
        continue;
      dims.push_back(body.addArgument(builder.getIndexType(), func.getLoc()));
      attributes.push_back(builder.getDictionaryAttr(
          builder.getNamedAttr("tflc.dim", builder.getI64ArrayAttr({input, dim}))));
    }
  }
}

/// The buffer of an input, whose unknown dimensions are `sizes`.
Value FunctionRewriter::viewInput(BlockArgument argument, MemRefType type, ArrayRef<Value> sizes) {
  if (sizes.empty())
    return argument;
  Value start = arith::ConstantIndexOp::create(builder, 0);
  return memref::ViewOp::create(builder, type, argument, start, sizes);
}

void FunctionRewriter::readInputs() {
  builder.setInsertionPointToStart(&body);
  const Value *nextDim = dims.begin();
  for (BlockArgument argument : body.getArguments().take_front(numInputs)) {
    auto tensorType = cast<RankedTensorType>(argument.getType());
    MemRefType type = bufferType(tensorType);
    SmallVector<Operation *> users(argument.getUsers());
    int64_t numUnknown = tensorType.getNumDynamicDims();
    ArrayRef<Value> sizes(nextDim, numUnknown);
    nextDim += numUnknown;
    argument.setType(hasStorage(type) ? Type(type) : placeholder);
    if (hasNoElements(type)) {
      argument.replaceAllUsesWith(
          tensor::EmptyOp::create(builder, tensorType.getShape(), tensorType.getElementType()));
      continue;
    }
    Value buffer = viewInput(argument, type, sizes);
    Value tensor =
        bufferization::ToTensorOp::create(builder, tensorType, buffer, /*restrict=*/true);
    argument.replaceUsesWithIf(
        tensor, [&](OpOperand &use) { return llvm::is_contained(users, use.getOwner()); });
  }
}

Value FunctionRewriter::viewVariable(StringRef name) {
  auto [offset, type] = variables.slots.lookup(name);
  Value start = arith::ConstantIndexOp::create(builder, offset);
  return memref::ViewOp::create(builder, bufferType(type), arena, start, ValueRange{});
}

/// A copy: the variable may be assigned while the old value is still needed.
void FunctionRewriter::readVariable(tflrt::ReadVariableOp read) {
  auto type = cast<RankedTensorType>(read.getType());
  Value source = bufferization::ToTensorOp::create(builder, type, viewVariable(read.getVariable()),
                                                   /*restrict=*/true);
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
}

void FunctionRewriter::accessVariables() {
  SmallVector<Operation *> accesses;
  func.walk([&](Operation *op) {
    if (isa<tflrt::ReadVariableOp, tflrt::AssignVariableOp>(op))
      accesses.push_back(op);
  });
  for (Operation *op : accesses) {
    builder.setInsertionPoint(op);
    builder.setLoc(op->getLoc());
    if (auto read = dyn_cast<tflrt::ReadVariableOp>(op)) {
      readVariable(read);
      continue;
    }
    auto assign = cast<tflrt::AssignVariableOp>(op);
    bufferization::MaterializeInDestinationOp::create(builder, Type(), assign.getValue(),
                                                      viewVariable(assign.getVariable()),
                                                      /*restrict=*/true, /*writable=*/true);
    assign.erase();
  }
}

void FunctionRewriter::writeResults() {
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
}

void FunctionRewriter::rewrite() {
  showEmptyResults();
  describeArguments();
  addArguments();
  readInputs();
  accessVariables();
  writeResults();
  func.setType(FunctionType::get(func.getContext(), body.getArgumentTypes(), {}));
  func.setAllArgAttrs(attributes);
}

/// The initial value of a variable that has no other.
static TypedAttr createZeros(RankedTensorType type) {
  auto complex = dyn_cast<ComplexType>(type.getElementType());
  if (!complex)
    return Builder(type.getContext()).getZeroAttr(type);
  APFloat zero(cast<FloatType>(complex.getElementType()).getFloatSemantics());
  return DenseElementsAttr::get(type, std::complex<APFloat>(zero, zero));
}

/// A model with variables has a function that gives them their initial values; what the model's own
/// initialization stores comes after that.
static void initializeVariables(ModuleOp module) {
  auto variables = llvm::to_vector(module.getOps<tflrt::VariableOp>());
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
    TypedAttr value = createZeros(type);
    if (variable.getInitialValue())
      value = cast<TypedAttr>(static_cast<Attribute>(*variable.getInitialValue()));
    Value constant = arith::ConstantOp::create(builder, value);
    tflrt::AssignVariableOp::create(builder, variable.getSymName(), constant);
  }
}

void tflc::passDestinations(ModuleOp module) {
  initializeVariables(module);
  VariableLayout variables = layOutVariables(module);
  for (auto func : module.getOps<func::FuncOp>())
    if (func->hasAttr("tfl.signature") || func.getName() == "tflc.reset")
      FunctionRewriter(func, variables).rewrite();
  for (auto variable : llvm::make_early_inc_range(module.getOps<tflrt::VariableOp>()))
    variable.erase();
  if (variables.size > 0)
    module->setAttr("tflc.variables_size",
                    IntegerAttr::get(IntegerType::get(module.getContext(), 64), variables.size));
}
