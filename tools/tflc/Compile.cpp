//===- Compile.cpp - tflc compile -----------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ModelOptions.h"
#include "ModelQuantizer.h"
#include "Subcommands.h"

#include "tflc/Compiler/ModelSession.h"
#include "tflc/Compiler/Summary.h"
#include "tflc/Pipelines/DescribeModel.h"
#include "tflc/Support/OutputFiles.h"

#include "llvm/Support/FormatVariadic.h"

#define TFLC_OPTION_TABLE "CompileOptions.inc"
#include "OptionTable.inc"

using namespace llvm;
using namespace tflc;

static constexpr HelpPage page = {
    "tflc compile", "MODEL [-o FOLDER] [options]",
    "Compiles a .tflite model to native code: NAME.o, NAME.h, libNAME.a and NAME.json in FOLDER.\n"
    "A summary goes to stderr.",
    "  tflc compile mnist.tflite -o out\n"
    "  tflc compile mnist.tflite -o out --target=cortex-m4 -Os --name=digits\n"
    "  tflc compile mnist.tflite -o out --quantize=int8 --calibrate=digits.npz --scale=1/255\n"
    "  tflc compile mnist.tflite --stop-after=lower\n"};

/// NAME.json is no product of the compiler proper, but belongs to the same list.
static constexpr StringLiteral jsonKind = "json";

namespace {
struct Products {
  std::set<EmitKind> kinds = {EmitKind::Object, EmitKind::Header, EmitKind::Library};
  bool json = true;
};
} // namespace

static bool readProducts(const Arguments &arguments, Products &products, Diagnostics &diagnostics) {
  std::vector<StringRef> lists = arguments.getAll("emit");
  if (lists.empty())
    return true;
  products = Products{{}, false};
  bool good = true;
  for (StringRef list : lists) {
    SmallVector<StringRef> names;
    list.split(names, ',');
    for (StringRef name : names) {
      if (name == jsonKind) {
        products.json = true;
      } else if (std::optional<EmitKind> kind = parseEmitKind(name)) {
        products.kinds.insert(*kind);
      } else {
        diagnostics.error("'" + name + "' cannot be emitted");
        good = false;
      }
    }
  }
  if (!good) {
    std::string known;
    for (const EmitInfo &info : getEmitKinds())
      known += info.name.str() + ", ";
    diagnostics.help("--emit takes a list of " + known + jsonKind);
  }
  return good;
}

static bool readPhase(const Arguments &arguments, CompileOptions &options,
                      Diagnostics &diagnostics) {
  std::optional<StringRef> name = arguments.get("stop-after");
  if (!name)
    return true;
  options.stopAfter = parsePhase(*name);
  if (options.stopAfter)
    return true;
  diagnostics.error("there is no phase '" + *name + "'");
  std::string known;
  for (const PhaseInfo &info : getPhases())
    known += (known.empty() ? "" : ", ") + info.name.str();
  diagnostics.help("the phases are " + known);
  return false;
}

static bool readName(const Arguments &arguments, CompileOptions &options,
                     Diagnostics &diagnostics) {
  std::optional<StringRef> name = arguments.get("name");
  if (!name)
    return true;
  options.name = name->str();
  if (!name->empty() && makeIdentifier(*name) == *name)
    return true;
  diagnostics.error("the name '" + *name + "' is not a C identifier");
  return false;
}

int tflc::compileMain(ArrayRef<const char *> args, Diagnostics &diagnostics) {
  int status;
  std::optional<ModelCommand> command =
      parseModelCommand(subcommandOptions(), args, page, diagnostics, status);
  if (!command)
    return status;
  auto &[arguments, options] = *command;
  Products products;
  if (!readProducts(arguments, products, diagnostics) ||
      !readPhase(arguments, options.compile, diagnostics) ||
      !readName(arguments, options.compile, diagnostics))
    return exitFault;
  options.compile.dynamic = arguments.has("dynamic");
  options.compile.emit = products.kinds;

  std::unique_ptr<ModelSession> session = ModelSession::open(options, diagnostics);
  if (!session)
    return exitFault;
  session = quantizeSession(std::move(session), options, arguments, status);
  if (!session)
    return status;
  mlir::OwningOpRef<mlir::ModuleOp> module = session->import(options.compile.dynamic);
  if (!module)
    return exitFault;
  // The model's own operators; compilation replaces them by code.
  std::vector<OperatorCost> operators = getOperatorCosts(*module);
  CompileResult result;
  if (int failure = session->compile(*module, result))
    return failure;
  if (options.compile.stopAfter) {
    module->print(outs(), mlir::OpPrintingFlags().elideLargeElementsAttrs(64));
    return exitDone;
  }

  OutputFiles files(arguments.get("o").value_or(""));
  for (const EmitInfo &info : getEmitKinds())
    if (auto file = result.files.find(info.kind); file != result.files.end())
      files.add((info.prefix + result.name + info.extension).str(), std::move(file->second),
                info.kind == EmitKind::Shared);
  if (products.json) {
    json::Value summary = makeSummary(options.compile, result, operators);
    files.add(result.name + ".json", formatv("{0:2}\n", summary).str());
  }
  if (diagnostics.check(files.commit()))
    return exitFault;
  if (!arguments.has("q"))
    printSummary(errs(), options.compile, result, operators);
  return exitDone;
}
