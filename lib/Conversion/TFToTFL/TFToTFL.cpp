//===- TFToTFL.cpp - the pass from tf to tfl ------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PopulatePatterns.h"
#include "Steps.h"

#include "TF/IR/TFOps.h"
#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/StringType.h"
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

  void convertConstants();
  bool reportUnranked();
  bool reportRemaining();
};

} // namespace

/// The constants of the file format, in place of ours.
void ConvertTFToTFL::convertConstants() {
  getOperation().walk([&](tf::ConstOp constant) {
    auto type = cast<RankedTensorType>(constant.getValue().getShapedType());
    OpBuilder builder(constant);
    auto converted = tfl::ConstOp::create(builder, constant.getLoc(), type, constant.getValue());
    constant.getOutput().replaceAllUsesWith(converted.getOutput());
    constant.erase();
  });
}

/// Handles of variables, tables and lists have no shape.
static bool isUnranked(Type type) {
  auto unranked = dyn_cast<UnrankedTensorType>(type);
  return unranked && !isa<tf::ResourceType, tf::VariantType>(unranked.getElementType());
}

/// Types as the graph had them: texts are no integers, whatever stands for them by now.
static SmallVector<Type> getGraphTypes(TypeRange types) {
  return llvm::map_to_vector(types, [](Type type) -> Type {
    auto tensor = dyn_cast<TensorType>(type);
    return tensor && tensor.getElementType().isUnsignedInteger() &&
                   tensor.getElementTypeBitWidth() >= 8 * tfl::minStringBytes
               ? Type(tensor.clone(tf::StringType::get(type.getContext())))
               : type;
  });
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
      error << " of " << getGraphTypes(op->getOperandTypes());
    error.attachNote() << "help: '--custom=" << op->getName().stripDialect()
                       << "' keeps it as a custom operator, which the runtime must know";
  }
  if (operations.size() > maxReports)
    module.emitError() << operations.size() - maxReports << " more operations cannot be converted";
}

/// Operations whose patterns need no rank, and whose kernels take any.
static bool takesAnyRank(Operation *op) {
  return isa<func::ReturnOp, tf::AbsOp, tf::AddOp, tf::AddV2Op, tf::CastOp, tf::CeilOp, tf::CosOp,
             tf::DivOp, tf::EluOp, tf::EqualOp, tf::ExpOp, tf::FloorDivOp, tf::FloorModOp,
             tf::FloorOp, tf::GreaterEqualOp, tf::GreaterOp, tf::LessEqualOp, tf::LessOp, tf::LogOp,
             tf::LogicalAndOp, tf::LogicalNotOp, tf::LogicalOrOp, tf::MaximumOp, tf::MinimumOp,
             tf::MulOp, tf::MultinomialOp, tf::NegOp, tf::NotEqualOp, tf::PowOp, tf::RankOp,
             tf::RealDivOp, tf::Relu6Op, tf::ReluOp, tf::RintOp, tf::RoundOp, tf::RsqrtOp,
             tf::SelectV2Op, tf::ShapeOp, tf::SigmoidOp, tf::SignOp, tf::SinOp, tf::SqrtOp,
             tf::SquareOp, tf::SquaredDifferenceOp, tf::SubOp, tf::TanhOp, tf::ZerosLikeOp>(op);
}

/// Patterns may count on known ranks but for the operations above. Where one is open, reports what
/// makes it so, and all that is unknown altogether.
bool ConvertTFToTFL::reportUnranked() {
  SmallVector<Operation *> unknown;
  Operation *first = nullptr;
  getOperation().walk([&](Operation *op) {
    bool isOpen = llvm::any_of(op->getResultTypes(), isUnranked);
    bool readsOpen = llvm::any_of(op->getOperandTypes(), isUnranked);
    if ((isOpen || readsOpen) && !takesAnyRank(op) && !first)
      first = op;
    if (!op->isRegistered() || (isOpen && !readsOpen))
      unknown.push_back(op);
  });
  if (!first)
    return true;
  if (!unknown.empty()) {
    report(getOperation(), unknown);
    return false;
  }
  InFlightDiagnostic error = first->emitError()
                             << "the number of dimensions of an input of the model is not known";
  error.attachNote() << "help: '--shape=NAME:4x28x28' says what an input is";
  return false;
}

/// Says of every operation that is left why the model cannot be written.
bool ConvertTFToTFL::reportRemaining() {
  SmallVector<Operation *> remaining;
  getOperation().walk([&](Operation *op) {
    if (op->getName().getDialectNamespace() == tf::TFDialect::getDialectNamespace())
      remaining.push_back(op);
  });
  report(getOperation(), remaining);
  return remaining.empty();
}

void ConvertTFToTFL::runOnOperation() {
  keepCustomOperators(getOperation());
  if (!reportUnranked() || !convertStrings(getOperation()))
    return signalPassFailure();
  RewritePatternSet patterns(&getContext());
  populateComplexPatterns(patterns);
  populateConvolutionPatterns(patterns);
  populateElementwisePatterns(patterns);
  populateFakeQuantizationPatterns(patterns);
  populateImagePatterns(patterns);
  populateMatMulPatterns(patterns);
  populateRandomPatterns(patterns);
  populateRecurrentPatterns(patterns);
  populateReductionPatterns(patterns);
  populateShapePatterns(patterns);
  populateSlicePatterns(patterns);
  populateTablePatterns(patterns);
  populateVariablePatterns(patterns);
  GreedyRewriteConfig config;
  config.setUseTopDownTraversal(true);
  // Products take the additions behind them: everything is visited once, from the inputs on.
  if (failed(applyPatternsGreedily(getOperation(), std::move(patterns), config)))
    return signalPassFailure();
  outlineRegions(getOperation());
  addInitialization(getOperation());
  convertConstants();
  if (!reportRemaining())
    return signalPassFailure();
  setOperatorVersions(getOperation());
}
