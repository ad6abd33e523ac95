//===- Tool.cpp - the compiler's command line -----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Tool.h"

#include "Options.h"
#include "Progress.h"
#include "Subcommands.h"

#include "tflc/Compiler/PrintFindings.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/Format.h"

using namespace llvm;
using namespace tflc;

namespace {
struct Subcommand {
  StringLiteral name;
  StringLiteral description;
  int (*main)(ArrayRef<const char *> args, Diagnostics &diagnostics);
};
} // namespace

static constexpr Subcommand subcommands[] = {
    {"compile", "turn a model into an object file, a C header and a library", compileMain},
    {"convert", "turn what TensorFlow saves into a .tflite file", convertMain},
    {"run", "execute a model on given inputs and store its outputs", runMain},
    {"bench", "measure latency and memory of a model", benchMain},
    {"quantize", "turn a float model into a quantized one", quantizeMain},
    {"compare", "compare the tensors of two models on the same data", compareMain},
    {"evaluate", "measure accuracy, size and latency of classifiers", evaluateMain},
    {"inspect", "show a model's tensors, operators, signatures and memory map", inspectMain},
    {"check", "tell everything that keeps a model from a target", checkMain},
    {"targets", "list the known machines", targetsMain},
    {"ops", "list the supported operators and types", opsMain},
};

static void printHelp(raw_ostream &os) {
  os << "Usage: tflc SUBCOMMAND [options]\n\n"
        "tflc compiles TensorFlow Lite models ahead of time, to native code that needs no\n"
        "interpreter, no model file and no heap.\n\nSubcommands:\n";
  for (const Subcommand &subcommand : subcommands)
    os << "  " << left_justify(subcommand.name, 10) << subcommand.description << "\n";
  os << "\nOther:\n"
        "  --help    print this page; `tflc SUBCOMMAND --help` prints one for each\n"
        "  --version print the version\n"
        "\nExamples:\n"
        "  tflc compile model.tflite -o out        gives out/model.o, model.h, libmodel.a ...\n"
        "  tflc run model.tflite --inputs in.npz --outputs out.npz\n"
        "  tflc bench model.tflite\n";
}

static int dispatch(ArrayRef<const char *> args, Diagnostics &diagnostics) {
  if (args.empty()) {
    printHelp(errs());
    return exitFault;
  }
  StringRef name = args.front();
  if (name == "--help" || name == "-h" || name == "help") {
    printHelp(outs());
    return exitDone;
  }
  if (name == "--version") {
    outs() << "tflc " TFLC_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
    return exitDone;
  }
  for (const Subcommand &subcommand : subcommands)
    if (subcommand.name == name)
      return subcommand.main(args.drop_front(), diagnostics);

  diagnostics.error("there is no subcommand '" + name + "'");
  const Subcommand *nearest = min_element(subcommands, [&](auto &a, auto &b) {
    return name.edit_distance(a.name) < name.edit_distance(b.name);
  });
  if (name.edit_distance(nearest->name) <= 2)
    diagnostics.help("did you mean '" + nearest->name + "'?");
  else
    diagnostics.help("'tflc --help' lists the subcommands");
  return exitFault;
}

int tflc::runTool(ArrayRef<const char *> args) {
  Diagnostics diagnostics(printFindingsTo(errs(), [] { Progress::get().clear(); }));
  int status = dispatch(args, diagnostics);
  outs().flush();
  if (outs().has_error()) {
    diagnostics.error("cannot write to the standard output: " + outs().error().message());
    outs().clear_error();
    status = status == exitDone ? exitFault : status;
  }
  errs().flush();
  return status;
}
