//===- QuantizeRule.cpp - what holds for some operators only --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantizer/QuantizeRule.h"

#include "TFL/Transforms/OperatorModes.h"
#include "TFL/Transforms/WeightPasses.h"
#include "tflc/Quantizer/Quantize.h"
#include "tflc/Support/ModelLocation.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Regex.h"

using namespace mlir;
using namespace tflc;

/// On an operator or an input, the method for its range.
static constexpr llvm::StringLiteral rangeMethodName = "tfl.range_method";
/// The name of an input.
static constexpr llvm::StringLiteral inputNameName = "tfl.name";

llvm::Error tflc::checkExpression(const std::string &text) {
  std::string reason;
  if (llvm::Regex(text).isValid(reason))
    return llvm::Error::success();
  return llvm::createStringError(
      llvm::formatv("'{0}' is no regular expression: {1}", text, reason));
}

llvm::Error tflc::checkRule(const QuantizeRule &rule) {
  if (rule.weightBits && *rule.weightBits != 8 && *rule.weightBits != 4)
    return llvm::createStringError(
        llvm::formatv("weights have 8 or 4 bits, not {0}", *rule.weightBits));
  return checkExpression(rule.match);
}

namespace {

/// Whether an expression matches an operator, by its kind or by a tensor that it makes.
class OperatorMatcher {
public:
  explicit OperatorMatcher(const std::string &text) : regex(text) {}

  bool matches(Operation *op) const {
    bool found = regex.match(op->getName().stripDialect().upper());
    forEachOpLocation(op->getLoc(),
                      [&](const OpLocation &place) { found |= regex.match(place.tensorName); });
    return found;
  }
  bool matches(StringRef name) const { return regex.match(name); }

private:
  llvm::Regex regex;
};

} // namespace

static void markOperator(Operation *op, const QuantizeRule &rule) {
  Builder builder(op->getContext());
  if (rule.keepFloat && *rule.keepFloat)
    op->setAttr(tfl::keepFloatName, builder.getUnitAttr());
  else if (rule.keepFloat)
    op->removeAttr(tfl::keepFloatName);
  if (rule.mode)
    op->setAttr(tfl::quantizationModeName,
                builder.getStringAttr(tfl::getQuantizationModeName(*rule.mode)));
  if (rule.weightBits)
    op->setAttr(tfl::weightBitsName, builder.getI64IntegerAttr(*rule.weightBits));
  if (rule.weightBlock)
    op->setAttr(tfl::weightBlockName, builder.getI64IntegerAttr(*rule.weightBlock));
  if (rule.range)
    op->setAttr(rangeMethodName, builder.getStringAttr(formatRangeOptions(*rule.range)));
}

static void markInputs(func::FuncOp function, const OperatorMatcher &matcher,
                       const RangeOptions &range) {
  auto method = StringAttr::get(function.getContext(), formatRangeOptions(range));
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    if (auto name = function.getArgAttrOfType<StringAttr>(i, inputNameName);
        name && matcher.matches(name))
      function.setArgAttr(i, rangeMethodName, method);
}

static void mark(ModuleOp module, const QuantizeRule &rule) {
  OperatorMatcher matcher(rule.match);
  module.walk([&](Operation *op) {
    if (auto function = dyn_cast<func::FuncOp>(op); function && rule.range)
      markInputs(function, matcher, *rule.range);
    else if (matcher.matches(op))
      markOperator(op, rule);
  });
}

/// Whether an operator, constant or input of the module matches.
static bool matchesAny(ModuleOp module, const OperatorMatcher &matcher) {
  return module
      .walk([&](Operation *op) {
        bool found = matcher.matches(op);
        if (auto function = dyn_cast<func::FuncOp>(op))
          for (unsigned i = 0; i < function.getNumArguments(); ++i)
            if (auto name = function.getArgAttrOfType<StringAttr>(i, inputNameName))
              found |= matcher.matches(name.getValue());
        return found ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

std::vector<std::string> tflc::findIdleExpressions(ModuleOp module,
                                                   const QuantizeOptions &options) {
  std::vector<std::string> expressions = options.keepFloat;
  for (const QuantizeRule &rule : options.rules)
    expressions.push_back(rule.match);
  llvm::erase_if(expressions, [&](const std::string &text) {
    return matchesAny(module, OperatorMatcher(text));
  });
  return expressions;
}

void tflc::keepInFloat(ModuleOp module, ArrayRef<std::string> expressions) {
  for (const std::string &text : expressions) {
    QuantizeRule rule;
    rule.match = text;
    rule.keepFloat = true;
    mark(module, rule);
  }
}

void tflc::markByRules(ModuleOp module, const QuantizeOptions &options) {
  for (const QuantizeRule &rule : options.rules)
    mark(module, rule);
  keepInFloat(module, options.keepFloat);
}

RangeOptions tflc::getRangeOptions(Value value, const RangeOptions &others) {
  StringAttr method;
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    if (auto function = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp()))
      method = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), rangeMethodName);
  } else {
    method = value.getDefiningOp()->getAttrOfType<StringAttr>(rangeMethodName);
  }
  return method ? *parseRangeOptions(method) : others;
}

void tflc::eraseMarks(ModuleOp module) {
  module.walk([](Operation *op) {
    for (StringRef name : {StringRef(tfl::keepFloatName), StringRef(tfl::weightBitsName),
                           StringRef(tfl::weightBlockName), StringRef(rangeMethodName),
                           StringRef(tfl::quantizationModeName)})
      op->removeAttr(name);
    if (auto function = dyn_cast<func::FuncOp>(op))
      for (unsigned i = 0; i < function.getNumArguments(); ++i)
        function.removeArgAttr(i, rangeMethodName);
  });
}
