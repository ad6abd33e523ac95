//===- Run.cpp - tflc run -------------------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FormatElement.h"
#include "ModelOptions.h"
#include "Subcommands.h"

#include "tflc/Compiler/Execute.h"
#include "tflc/Compiler/ModelSession.h"
#include "tflc/Compiler/Specialize.h"
#include "tflc/Support/OutputFiles.h"

#define TFLC_OPTION_TABLE "RunOptions.inc"
#include "OptionTable.inc"

using namespace llvm;
using namespace tflc;

static constexpr HelpPage page = {
    "tflc run", "MODEL [--inputs=IN.npz] [--outputs=OUT.npz] [options]",
    "Compiles a model, executes it on arrays that NumPy wrote and stores the outputs for NumPy.\n"
    "With --target of another machine it is executed in QEMU.",
    "  tflc run mnist.tflite --inputs=image.npy\n"
    "  tflc run mnist.tflite --inputs=images.npz --samples --outputs=scores.npz\n"
    "  tflc run mnist.tflite --inputs=image.npy --target=cortex-m4\n"
    "  tflc run net.tflite --inputs=x.npy --custom=Scale=scale_all --link=scale.o\n"};

/// A few values for people who give no --outputs.
static void printArrays(raw_ostream &os, ArrayRef<Array> arrays) {
  constexpr int64_t shown = 16;
  for (const Array &array : arrays) {
    os << makePrintable(array.name) << " " << formatArrayType(array) << " =";
    int64_t count = array.data.size() / std::max(getElementTypeSize(array.type), 1u);
    if (array.type == ElementType::String)
      count /= std::max<int64_t>(array.shape.back(), 1);
    for (int64_t i = 0; i < std::min(count, shown); ++i)
      os << " " << formatElement(array, i);
    os << (count > shown ? " ...\n" : "\n");
  }
}

int tflc::runMain(ArrayRef<const char *> args, Diagnostics &diagnostics) {
  int status;
  std::optional<ModelCommand> command =
      parseModelCommand(subcommandOptions(), args, page, diagnostics, status);
  if (!command)
    return status;
  auto &[arguments, options] = *command;
  StringRef keys = arguments.get("keys").value_or("name");
  if (keys != "name" && keys != "index") {
    diagnostics.error("'--keys=" + keys + "' is neither --keys=name nor --keys=index");
    return exitFault;
  }
  std::vector<Array> arrays;
  if (std::optional<StringRef> path = arguments.get("inputs")) {
    Expected<std::vector<Array>> read = readArrays(*path);
    if (!read) {
      diagnostics.check(read.takeError());
      return exitFault;
    }
    arrays = std::move(*read);
  }

  std::unique_ptr<ModelSession> session = ModelSession::open(options, diagnostics);
  if (!session)
    return exitFault;
  InputSet inputs;
  std::string key;
  mlir::OwningOpRef<mlir::ModuleOp> module =
      importForInputs(*session, arguments.get("signature"), std::move(arrays),
                      arguments.has("samples"), inputs, key);
  if (!module)
    return exitFault;
  CompileResult result;
  if (int failure = session->compile(*module, result))
    return failure;
  const SignatureInfo *signature = result.model.findSignature(key);
  if (!signature) {
    diagnostics.error("internal defect: the compilation lost the signature");
    return exitDefect;
  }
  std::vector<Array> outputs = makeOutputs(*signature, inputs, keys == "index");
  std::vector<std::string> linkedFiles;
  for (StringRef path : arguments.getAll("link"))
    linkedFiles.push_back(path.str());
  Execution execution = {result,      *signature,     inputs, arguments.has("reset"),
                         linkedFiles, options.threads};
  const TargetInfo &target = session->getCompileOptions().target;
  if (options.threads && !canExecuteHere(target)) {
    diagnostics.error("'--threads' needs code that runs on this machine, not in an emulator");
    return exitFault;
  }
  {
    auto work = session->showWork("running");
    status = canExecuteHere(target) ? executeHere(execution, outputs, diagnostics)
                                    : executeEmulated(execution, target, outputs, diagnostics);
  }
  if (status != exitDone)
    return status;
  std::optional<StringRef> path = arguments.get("outputs");
  if (!path) {
    printArrays(outs(), outputs);
    return exitDone;
  }
  Expected<std::string> contents = encodeNpz(outputs);
  if (!contents)
    return diagnostics.check(contents.takeError()) ? exitDefect : exitDone;
  return diagnostics.check(writeFile(*path, *contents)) ? exitFault : exitDone;
}
