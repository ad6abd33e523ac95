//===- Ops.cpp - tflc ops -------------------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "Subcommands.h"

#include "TFL/IR/ProductTypes.h"
#include "TFL/IR/TFLOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#define TFLC_OPTION_TABLE "OpsOptions.inc"
#include "OptionTable.inc"

using namespace llvm;
using namespace tflc;

static constexpr HelpPage page = {
    "tflc ops", "[--quantization] [--json]",
    "Lists the operators of TensorFlow Lite that tflc compiles, and their element types: a q "
    "marks\n"
    "quantized ones, A*B is activations times weights. `tflc check MODEL` says whether one model\n"
    "can be compiled with all its types and options.",
    ""};

namespace {
struct OperatorEntry {
  std::string name;
  std::string types;
  /// How the operator quantizes; null where it stays in float.
  const tfl::QuantizationRule *rule = nullptr;
};

template <typename Op> using ElementTypesOf = decltype(Op::getElementTypes());
template <typename Op> using FilterOf = decltype(std::declval<Op>().getFilter());
template <typename Op> using WeightsOf = decltype(std::declval<Op>().getWeights());
template <typename Op> using RuleOf = decltype(Op::getQuantizationRule());
} // namespace

/// The types of activations that a product with weights has an arithmetic for.
static std::string listProductTypes(mlir::MLIRContext &context) {
  mlir::Builder builder(&context);
  mlir::Type f32 = builder.getF32Type();
  auto quantized = [&](unsigned width, bool isSigned) -> mlir::Type {
    int64_t low = isSigned ? -(int64_t(1) << (width - 1)) : 0;
    return mlir::quant::UniformQuantizedType::get(isSigned, builder.getIntegerType(width), f32, 1.0,
                                                  0, low, low + (int64_t(1) << width) - 1);
  };
  mlir::Type qi8 = quantized(8, true), qu8 = quantized(8, false), qi16 = quantized(16, true);
  std::string text;
  auto add = [&](mlir::Type input, mlir::Type weights, StringRef name) {
    if (tfl::getProductKind(input, weights, input))
      text += (text.empty() ? "" : " ") + name.str();
  };
  add(f32, f32, "float32");
  add(f32, builder.getF16Type(), "float32*float16");
  add(f32, qi8, "float32*qint8");
  add(qi8, qi8, "qint8");
  add(qu8, qu8, "quint8");
  add(qi16, qi8, "qint16*qint8");
  return text;
}

/// What an op's own class says of its types; empty where it takes all.
template <typename Op> static std::string listTypes(mlir::MLIRContext &context) {
  if constexpr (is_detected<ElementTypesOf, Op>::value)
    return Op::getElementTypes().str();
  else if constexpr (is_detected<FilterOf, Op>::value || is_detected<WeightsOf, Op>::value)
    return listProductTypes(context);
  else
    return "";
}

template <typename Op> static const tfl::QuantizationRule *findRule() {
  if constexpr (is_detected<RuleOf, Op>::value)
    return &Op::getQuantizationRule();
  else
    return nullptr;
}

/// "int8 int16 hybrid": the kernels that quantization can choose.
static std::string describeKernels(const tfl::QuantizationRule &rule) {
  std::string text;
  auto add = [&](StringRef name, int version) {
    if (version != 0)
      text += (text.empty() ? "" : ", ") + name.str() + " v" + std::to_string(version);
  };
  add("int8", rule.int8Version);
  add("int16", rule.int16Version);
  add("hybrid", std::max(rule.hybridVersion, rule.hybridPerChannelVersion));
  return text;
}

/// "weights 1 2 along 0; bias 3": operands of one kind stand together.
static std::string describeOperands(const tfl::QuantizationRule &rule) {
  MapVector<std::pair<StringRef, int>, std::string> kinds;
  for (const tfl::WeightsRule &weights : rule.weights)
    kinds[{"weights", weights.channelAxis}] += " " + std::to_string(weights.operand);
  for (const tfl::BiasRule &bias : rule.biases)
    kinds[{"bias", -1}] += " " + std::to_string(bias.operand);
  for (const tfl::StateRule &state : rule.states)
    kinds[{"state", -1}] += " " + std::to_string(state.operand);
  if (rule.table)
    kinds[{"table", -1}] += " " + std::to_string(*rule.table);
  std::string text;
  for (const auto &[kind, numbers] : kinds) {
    auto [name, axis] = kind;
    text += (text.empty() ? "" : "; ") + name.str() + numbers;
    if (axis >= 0)
      text += " along " + std::to_string(axis);
  }
  return text;
}

/// What the rule says of operands and results.
static std::string describeTensors(const tfl::QuantizationRule &rule) {
  std::string text = describeOperands(rule);
  auto add = [&](const Twine &part) { text += (text.empty() ? "" : "; ") + part.str(); };
  if (rule.sameScale)
    add("one scale");
  if (rule.zeroPointZero)
    add("zero point 0");
  if (rule.blockScales)
    add("blocks of weights");
  if (rule.onlyRelu)
    add("RELU in int8");
  if (rule.fixedResult)
    add("result 2^-" + Twine(rule.fixedResult->fractionBits8) + " (" +
        Twine(rule.fixedResult->zeroPoint8) + ")");
  if (rule.shapeOnly)
    add("no numbers computed");
  return text;
}

/// The table of docs/Quantization.md.
static void printQuantization(ArrayRef<OperatorEntry> entries) {
  outs() << "| operator | kernels | tensors |\n|---|---|---|\n";
  for (const OperatorEntry &entry : entries)
    if (entry.rule)
      outs() << "| " << entry.name << " | " << describeKernels(*entry.rule) << " | "
             << describeTensors(*entry.rule) << " |\n";
}

template <typename... Ops>
static std::vector<OperatorEntry> listOperators(mlir::MLIRContext &context) {
  std::vector<OperatorEntry> entries;
  auto add = [&](StringRef name, bool isOperator, std::string types,
                 const tfl::QuantizationRule *rule) {
    if (isOperator)
      entries.push_back({name.split('.').second.upper(), std::move(types), rule});
  };
  // What stands for a tensor of the file is no operator.
  (add(Ops::getOperationName(),
       !Ops::template hasTrait<mlir::OpTrait::ConstantLike>() &&
           !Ops::template hasTrait<tfl::NoOperator>(),
       listTypes<Ops>(context), findRule<Ops>()),
   ...);
  llvm::sort(entries, [](auto &a, auto &b) { return a.name < b.name; });
  return entries;
}

int tflc::opsMain(ArrayRef<const char *> args, Diagnostics &diagnostics) {
  int status;
  std::optional<Arguments> arguments =
      parseArguments(subcommandOptions(), args, page, diagnostics, status);
  if (!arguments)
    return status;
  if (!arguments->expectNoInputs(page, diagnostics))
    return exitFault;
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<tfl::TFLDialect>();
  std::vector<OperatorEntry> entries = listOperators<
#define GET_OP_LIST
#include "TFL/IR/TFLOps.cpp.inc"
      >(context);
  if (arguments->has("quantization")) {
    printQuantization(entries);
    return exitDone;
  }
  if (arguments->has("json")) {
    json::Array list;
    for (const OperatorEntry &entry : entries) {
      json::Object object{{"op", entry.name}};
      SmallVector<StringRef> types;
      StringRef(entry.types).split(types, ' ', -1, /*KeepEmpty=*/false);
      if (!types.empty())
        object["types"] = json::Array(types);
      list.push_back(std::move(object));
    }
    outs() << formatv("{0:2}\n", json::Value(json::Object{{"operators", std::move(list)}}));
    return exitDone;
  }
  for (const OperatorEntry &entry : entries)
    outs() << left_justify(entry.name, 28)
           << (entry.types.empty() ? "(all)" : StringRef(entry.types)) << "\n";
  return exitDone;
}
