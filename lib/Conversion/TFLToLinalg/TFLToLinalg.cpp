//===- TFLToLinalg.cpp - lower the tfl dialect to linalg on tensors -------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ControlFlow.h"
#include "GrownTensors.h"
#include "GuardShapes.h"
#include "HashTables.h"
#include "PopulatePatterns.h"
#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/TFLDialect.h"
#include "TFL/IR/VariableOps.h"
#include "TFLRT/IR/TFLRTDialect.h"
#include "tflc/Conversion/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Func/Transforms/FuncConversions.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

namespace tflc {
#define GEN_PASS_DEF_CONVERTTFLTOLINALGPASS
#include "tflc/Conversion/Passes.h.inc"
} // namespace tflc

using namespace tflc;

//===----------------------------------------------------------------------===//
// Findings
//===----------------------------------------------------------------------===//

/// Ops that only other ops look at; nothing refers to them after the conversion.
static bool isReferredToOnly(Operation *op) {
  if (isa<tfl::NoValueOp, tfl::VariableTensorOp>(op))
    return true;
  return op->getNumResults() == 1 && isa<RankedTensorType>(op->getResult(0).getType()) &&
         isa<tfl::ResourceType>(
             cast<RankedTensorType>(op->getResult(0).getType()).getElementType());
}

/// "quantized int8[1, 28, 28]"; the types' own notation is not the users'.
static std::string describeType(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return "none";
  std::string text = tfl::getElementTypeName(tensor) + tfl::getShapeText(tensor.getShape());
  return isa<quant::QuantizedType>(tensor.getElementType()) ? "quantized " + text : text;
}

/// "operator ADD with types (int4[2], int4[2]) -> int4[2] is not supported"
static void reportUnsupported(Operation *op, TypeRange operandTypes, TypeRange resultTypes) {
  std::string types;
  llvm::raw_string_ostream stream(types);
  auto list = [&](TypeRange range) {
    llvm::interleaveComma(range, stream, [&](Type type) { stream << describeType(type); });
  };
  stream << '(';
  list(operandTypes);
  stream << ") -> ";
  if (resultTypes.size() != 1)
    stream << '(';
  list(resultTypes);
  if (resultTypes.size() != 1)
    stream << ')';
  op->emitError() << "operator " << op->getName().stripDialect().upper() << " with types " << types
                  << " is not supported";
}

//===----------------------------------------------------------------------===//
// Pass
//===----------------------------------------------------------------------===//

namespace {

class ConvertTFLToLinalg : public tflc::impl::ConvertTFLToLinalgPassBase<ConvertTFLToLinalg> {
  void runOnOperation() override {
    MLIRContext &context = getContext();
    TFLTypeConverter converter;
    VariableSymbols variables;
    if (failed(declareVariables(getOperation(), variables)))
      return signalPassFailure();
    HashTables hashTables;
    if (failed(readHashTables(getOperation(), hashTables)))
      return signalPassFailure();
    RandomStates randomStates = declareRandomStates(getOperation());
    RewritePatternSet patterns(&context);
    populateActivationPatterns(converter, patterns);
    populateArithmeticPatterns(converter, patterns);
    populateQuantizationPatterns(converter, patterns);
    populateRecurrentPatterns(converter, patterns, variables);
    populateReductionPatterns(converter, patterns);
    populateReduceProductPatterns(converter, patterns);
    populateSoftmaxPatterns(converter, patterns);
    populateArgReductionPatterns(converter, patterns);
    populateBlockPatterns(converter, patterns);
    populateConstantPatterns(converter, patterns);
    populateControlFlowPatterns(converter, patterns);
    populateConvolutionPatterns(converter, patterns);
    populateGatherPatterns(converter, patterns);
    populateMatMulPatterns(converter, patterns);
    populatePoolingPatterns(converter, patterns);
    populateTransposeConvolutionPatterns(converter, patterns);
    populateJoinPatterns(converter, patterns);
    populatePadPatterns(converter, patterns);
    populatePermutePatterns(converter, patterns);
    populateRepeatPatterns(converter, patterns);
    populateReshapePatterns(converter, patterns);
    populateResizePatterns(converter, patterns);
    populateScatterPatterns(converter, patterns);
    populateSegmentPatterns(converter, patterns);
    populateSearchPatterns(converter, patterns);
    populateSlicePatterns(converter, patterns);
    populateSplitPatterns(converter, patterns);
    populateSuppressionPatterns(converter, patterns);
    populateRandomPatterns(converter, patterns, randomStates);
    populateLookupPatterns(converter, patterns);
    populateHashTablePatterns(converter, patterns, hashTables);
    populateCustomPatterns(converter, patterns);
    populateDivisionPatterns(converter, patterns);
    populateLogicPatterns(converter, patterns);
    populateUnaryPatterns(converter, patterns);
    populateBitcastPatterns(converter, patterns);
    populateComplexPatterns(converter, patterns);
    populateDiagonalPatterns(converter, patterns);
    populateNormalizationPatterns(converter, patterns);
    populateRandomBitsPatterns(converter, patterns);
    populateReduceWindowPatterns(converter, patterns);
    populateScanPatterns(converter, patterns);
    populateStablehloPatterns(converter, patterns);
    populateVariablePatterns(converter, patterns, variables);

    populateFunctionOpInterfaceTypeConversionPattern<func::FuncOp>(patterns, converter);
    populateReturnOpTypeConversionPattern(patterns, converter);
    populateCallOpTypeConversionPattern(patterns, converter);

    ConversionTarget target(context);
    target.addLegalDialect<affine::AffineDialect, arith::ArithDialect, complex::ComplexDialect,
                           cf::ControlFlowDialect, linalg::LinalgDialect, math::MathDialect,
                           scf::SCFDialect, tensor::TensorDialect, tflrt::TFLRTDialect>();
    target.addLegalOp<ModuleOp>();
    target.addDynamicallyLegalOp<func::FuncOp>([&](func::FuncOp op) {
      return converter.isSignatureLegal(op.getFunctionType()) && converter.isLegal(&op.getBody());
    });
    target.addDynamicallyLegalOp<func::ReturnOp, func::CallOp>(
        [&](Operation *op) { return converter.isLegal(op); });

    // The types of the model are gone once an operator's neighbours are converted: keep them for
    // messages.
    DenseMap<Operation *, std::pair<SmallVector<Type>, SmallVector<Type>>> types;
    getOperation().walk([&](Operation *op) {
      if (isa<tfl::TFLDialect>(op->getDialect()))
        types[op] = {llvm::to_vector(op->getOperandTypes()), llvm::to_vector(op->getResultTypes())};
    });

    // Partial, so that all unsupported operators are found and not only the first.
    DenseSet<Operation *> unlegalized;
    ConversionConfig config;
    config.unlegalizedOps = &unlegalized;
    config.buildMaterializations = false;
    config.foldingMode = DialectConversionFoldingMode::Never;
    if (failed(applyPartialConversion(getOperation(), target, std::move(patterns), config)))
      return signalPassFailure();

    SmallVector<Operation *> dead;
    getOperation().walk([&](Operation *op) {
      if (!isa<tfl::TFLDialect>(op->getDialect()))
        return;
      if (isReferredToOnly(op) && op->use_empty())
        return dead.push_back(op);
      // A referred-to op whose user is unsupported is not a finding of its own.
      if (isReferredToOnly(op))
        return;
      auto known = types.find(op);
      if (known != types.end())
        reportUnsupported(op, known->second.first, known->second.second);
      else
        reportUnsupported(op, op->getOperandTypes(), op->getResultTypes());
      signalPassFailure();
    });
    for (Operation *op : dead)
      op->erase();
    carryGrownTensors(getOperation());
    guardShapes(getOperation());
  }
};

} // namespace
