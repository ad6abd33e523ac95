//===- Convert.cpp - tflc convert -----------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "Subcommands.h"

#include "tflc/Compiler/Converter.h"
#include "tflc/Compiler/Outcome.h"
#include "tflc/Support/OutputFiles.h"

#define TFLC_OPTION_TABLE "ConvertOptions.inc"
#include "OptionTable.inc"

using namespace llvm;
using namespace tflc;

static constexpr HelpPage page = {
    "tflc convert", "SOURCE -o FILE.tflite [options]",
    "Converts a SavedModel, a .keras or a Keras .h5 file to a .tflite file. TensorFlow "
    "need\n"
    "not be installed. The other subcommands take such a source as well.",
    "  tflc convert saved_model -o model.tflite\n"
    "  tflc convert saved_model --stop-after=simplify\n"};

static bool readPhase(const Arguments &arguments, ConvertOptions &options,
                      Diagnostics &diagnostics) {
  std::optional<StringRef> name = arguments.get("stop-after");
  if (!name)
    return true;
  options.stopAfter = parseConvertPhase(*name);
  if (options.stopAfter)
    return true;
  diagnostics.error("there is no phase '" + *name + "'");
  std::string known;
  for (const ConvertPhaseInfo &info : getConvertPhases())
    known += (known.empty() ? "" : ", ") + info.name.str();
  diagnostics.help("the phases are " + known);
  return false;
}

int tflc::convertMain(ArrayRef<const char *> args, Diagnostics &diagnostics) {
  int status;
  std::optional<Arguments> arguments =
      parseArguments(subcommandOptions(), args, page, diagnostics, status);
  if (!arguments)
    return status;
  std::vector<StringRef> inputs = arguments->getInputs();
  ConvertOptions options;
  if (inputs.size() != 1) {
    diagnostics.error(inputs.empty() ? "no source is given" : "one source at a time");
    diagnostics.help("usage: " + page.command + " " + page.usage);
    return exitFault;
  }
  if (!readPhase(*arguments, options, diagnostics))
    return exitFault;
  std::optional<StringRef> output = arguments->get("o");
  if (!output && !options.stopAfter) {
    diagnostics.error("no output file is given");
    diagnostics.help("-o FILE.tflite names one");
    return exitFault;
  }
  Expected<Source> source = Source::open(inputs.front());
  if (!source) {
    diagnostics.check(source.takeError());
    return exitFault;
  }
  FailureOr<std::string> converted = convertSource(*source, options, diagnostics);
  if (failed(converted))
    return exitFault;
  if (options.stopAfter) {
    outs() << *converted;
    return exitDone;
  }
  return diagnostics.check(writeFile(*output, *converted)) ? exitFault : exitDone;
}
