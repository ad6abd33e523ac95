//===- Check.cpp - tflc check ---------------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ModelOptions.h"
#include "Subcommands.h"

#include "tflc/Compiler/ModelSession.h"
#include "tflc/Compiler/Summary.h"

#include "llvm/Support/FormatVariadic.h"

#define TFLC_OPTION_TABLE "CheckOptions.inc"
#include "OptionTable.inc"

using namespace llvm;
using namespace tflc;

static constexpr HelpPage page = {
    "tflc check", "MODEL [--target=NAME] [options]",
    "Tells everything at once that keeps a model from a target: operators and types that are not\n"
    "supported, and flash or RAM that does not suffice. Writes no files. The exit status is 0 if\n"
    "the model fits.",
    "  tflc check mnist.tflite --target=cortex-m4\n"
    "  tflc check mnist.tflite --target=cortex-m33 --flash=256K --ram=64K\n"};

/// "65536", "64K", "1M".
static bool parseBytes(StringRef text, int64_t &bytes) {
  unsigned shift = text.consume_back_insensitive("k")   ? 10
                   : text.consume_back_insensitive("m") ? 20
                                                        : 0;
  if (text.getAsInteger(10, bytes) || bytes < 0 || bytes > (int64_t(1) << 40))
    return false;
  bytes <<= shift;
  return true;
}

static bool readLimit(const Arguments &arguments, StringRef name, int64_t &bytes,
                      Diagnostics &diagnostics) {
  std::optional<StringRef> text = arguments.get(name);
  if (!text || parseBytes(*text, bytes))
    return true;
  diagnostics.error("'--" + name + "=" + *text + "' is not a number of bytes such as 65536 or 64K");
  return false;
}

int tflc::checkMain(ArrayRef<const char *> args, Diagnostics &diagnostics) {
  int status;
  std::optional<ModelCommand> command =
      parseModelCommand(subcommandOptions(), args, page, diagnostics, status);
  if (!command)
    return status;
  auto &[arguments, options] = *command;
  const TargetInfo &target = options.compile.target;
  int64_t flash = target.flashBytes, ram = target.ramBytes;
  if (!readLimit(arguments, "flash", flash, diagnostics) ||
      !readLimit(arguments, "ram", ram, diagnostics))
    return exitFault;

  std::unique_ptr<ModelSession> session = ModelSession::open(options, diagnostics);
  if (!session)
    return exitFault;
  mlir::OwningOpRef<mlir::ModuleOp> module = session->import();
  if (!module)
    return exitFault;
  std::vector<OperatorCost> operators = getOperatorCosts(*module);
  CompileResult result;
  if (int failure = session->compile(*module, result))
    return failure;

  const CompileStatistics &stats = result.statistics;
  int64_t flashNeeded = stats.codeBytes + stats.constantBytes;
  int64_t ramNeeded = stats.arenaBytes + stats.stackBytes;
  if (flash && flashNeeded > flash)
    diagnostics.error("code and constants need " + formatCount(flashNeeded) +
                      " bytes of flash, there are " + formatCount(flash));
  if (ram && ramNeeded > ram)
    diagnostics.error("arena and stack need " + formatCount(ramNeeded) +
                      " bytes of RAM, there are " + formatCount(ram));
  bool fits = diagnostics.getNumErrors() == 0;
  if (arguments.has("json")) {
    json::Object summary = makeSummary(session->getCompileOptions(), result, operators);
    summary["fits"] = fits;
    summary["flash_needed"] = flashNeeded;
    summary["ram_needed"] = ramNeeded;
    if (flash)
      summary["flash_limit"] = flash;
    if (ram)
      summary["ram_limit"] = ram;
    outs() << formatv("{0:2}\n", json::Value(std::move(summary)));
  } else if (fits) {
    auto of = [](int64_t limit) { return limit ? " of " + formatCount(limit) : std::string(); };
    outs() << "the model fits the target " << target.name << ": " << formatCount(flashNeeded)
           << of(flash) << " bytes of flash, " << formatCount(ramNeeded) << of(ram)
           << " bytes of RAM\n"
           << "operators: " << listTypes(operators) << "\n";
  }
  return fits ? exitDone : exitFault;
}
