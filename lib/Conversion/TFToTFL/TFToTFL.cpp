//===- TFToTFL.cpp - the pass from tf to tfl ------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PopulatePatterns.h"
#include "Steps.h"

#include "TF/IR/ConstantOps.h"
#include "TF/IR/TFDialect.h"
#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/TFLDialect.h"
#include "tflc/Conversion/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace tflc {
#define GEN_PASS_DEF_CONVERTTFTOTFLPASS
#include "tflc/Conversion/Passes.h.inc"
} // namespace tflc

using namespace tflc;

namespace {

class ConvertTFToTFL : public tflc::impl::ConvertTFToTFLPassBase<ConvertTFToTFL> {
  void runOnOperation() override;

  bool convertConstants();
  bool reportUnranked();
  bool reportRemaining();
};

} // namespace

/// The constants of the file format, in place of ours.
bool ConvertTFToTFL::convertConstants() {
  bool valid = true;
  getOperation().walk([&](tf::ConstOp constant) {
    auto type = dyn_cast<RankedTensorType>(constant.getValue().getShapedType());
    if (!type || isa<tf::StringType>(type.getElementType())) {
      constant.emitError() << "constants of strings cannot be converted";
      valid = false;
      return;
    }
    OpBuilder builder(constant);
    auto converted = tfl::ConstOp::create(builder, constant.getLoc(), type, constant.getValue());
    constant.getOutput().replaceAllUsesWith(converted.getOutput());
    constant.erase();
  });
  return valid;
}

/// Handles of variables, tables and lists have no shape.
static bool isUnranked(Type type) {
  auto unranked = dyn_cast<UnrankedTensorType>(type);
  return unranked && !isa<tf::ResourceType, tf::VariantType>(unranked.getElementType());
}

/// Says why operations cannot be converted, of a number of them.
static void report(ModuleOp module, ArrayRef<Operation *> operations) {
  constexpr size_t maxReports = 8;
  for (Operation *op : operations.take_front(maxReports)) {
    if (op->getName().getDialectNamespace() != tf::TFDialect::getDialectNamespace() ||
        (op->isRegistered() && llvm::any_of(op->getResultTypes(), isUnranked))) {
      op->emitError() << "the number of dimensions of the result depends on values at run time";
      continue;
    }
    InFlightDiagnostic error = op->emitError() << "there is no operator of TensorFlow Lite for '"
                                               << op->getName().stripDialect() << "'";
    if (op->getNumOperands() != 0)
      error << " of " << op->getOperandTypes();
    error.attachNote() << "help: '--custom=" << op->getName().stripDialect()
                       << "' keeps it as a custom operator, which the runtime must know";
  }
  if (operations.size() > maxReports)
    module.emitError() << operations.size() - maxReports << " more operations cannot be converted";
}

/// Patterns may count on known ranks. Where one is open, reports what makes it so, and all that is
/// unknown altogether.
bool ConvertTFToTFL::reportUnranked() {
  SmallVector<Operation *> unknown;
  bool hasOpen = false;
  getOperation().walk([&](Operation *op) {
    bool isOpen = llvm::any_of(op->getResultTypes(), isUnranked);
    hasOpen |= isOpen;
    if (!op->isRegistered() || (isOpen && llvm::none_of(op->getOperandTypes(), isUnranked)))
      unknown.push_back(op);
  });
  if (hasOpen)
    report(getOperation(), unknown);
  return !hasOpen;
}

/// Says of every operation that is left why the model cannot be written.
bool ConvertTFToTFL::reportRemaining() {
  SmallVector<Operation *> remaining;
  getOperation().walk([&](Operation *op) {
    if (op->getName().getDialectNamespace() == tf::TFDialect::getDialectNamespace() ||
        llvm::any_of(op->getResultTypes(), isUnranked))
      remaining.push_back(op);
  });
  report(getOperation(), remaining);
  return remaining.empty();
}

void ConvertTFToTFL::runOnOperation() {
  keepCustomOperators(getOperation());
  if (!reportUnranked())
    return signalPassFailure();
  RewritePatternSet patterns(&getContext());
  populateConvolutionPatterns(patterns);
  populateElementwisePatterns(patterns);
  populateFakeQuantizationPatterns(patterns);
  populateImagePatterns(patterns);
  populateMatMulPatterns(patterns);
  populateRecurrentPatterns(patterns);
  populateReductionPatterns(patterns);
  populateShapePatterns(patterns);
  populateSlicePatterns(patterns);
  populateVariablePatterns(patterns);
  GreedyRewriteConfig config;
  config.setUseTopDownTraversal(true);
  // Products take the additions behind them: everything is visited once, from the inputs on.
  if (failed(applyPatternsGreedily(getOperation(), std::move(patterns), config)))
    return signalPassFailure();
  outlineRegions(getOperation());
  addInitialization(getOperation());
  bool valid = convertConstants();
  if (!reportRemaining() || !valid)
    return signalPassFailure();
  setOperatorVersions(getOperation());
}
