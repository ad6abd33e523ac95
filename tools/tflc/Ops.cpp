//===- Ops.cpp - tflc ops -------------------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "Subcommands.h"

#include "TFL/IR/TFLDialect.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#define TFLC_OPTION_TABLE "ListOptions.inc"
#include "OptionTable.inc"

using namespace llvm;
using namespace tflc;

static constexpr HelpPage page = {
    "tflc ops", "[--json]",
    "Lists the operators of TensorFlow Lite that tflc compiles. `tflc check MODEL` says whether a\n"
    "model can be compiled with its types and options.",
    ""};

int tflc::opsMain(ArrayRef<const char *> args, Diagnostics &diagnostics) {
  int status;
  std::optional<Arguments> arguments =
      parseArguments(subcommandOptions(), args, page, diagnostics, status);
  if (!arguments)
    return status;
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<tfl::TFLDialect>();
  std::vector<std::string> names;
  for (mlir::RegisteredOperationName name : context.getRegisteredOperationsByDialect("tfl")) {
    // What stands for a tensor of the file is no operator.
    if (!name.hasTrait<mlir::OpTrait::ConstantLike>())
      names.push_back(name.stripDialect().upper());
  }
  llvm::sort(names);
  if (arguments->has("json")) {
    json::Array list;
    for (const std::string &name : names)
      list.push_back(json::Object{{"op", name}});
    outs() << formatv("{0:2}\n", json::Value(json::Object{{"operators", std::move(list)}}));
    return exitDone;
  }
  for (const std::string &name : names)
    outs() << name << "\n";
  return exitDone;
}
