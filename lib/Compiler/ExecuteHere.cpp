//===- ExecuteHere.cpp - runs compiled code in this process ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Compiler/Binding.h"
#include "tflc/Compiler/Execute.h"
#include "tflc/Compiler/Outcome.h"

#include "tflc/Execution/Invocation.h"
#include "tflc/tflc.h"

using namespace llvm;
using namespace tflc;

std::string tflc::describeStatus(int32_t status) {
  switch (status) {
  case TFLC_INDEX_OUT_OF_RANGE:
    return "an index in the data lies outside of its tensor";
  case TFLC_DIVISION_BY_ZERO:
    return "an integer of the data is divided by zero";
  case TFLC_INVALID_VALUE:
    return "an operator rejects a value of the data";
  case TFLC_LARGER_ARENA_NEEDED:
  case TFLC_LARGER_OUTPUT_NEEDED:
    return "the data make a tensor that is too large";
  case TFLC_NOT_PERMITTED:
    return "the system gives this process no tile registers (AMX)";
  case TFLC_PARALLEL_FAILED:
    return "the tasks of an operator could not be run";
  default:
    return "the status is " + std::to_string(status);
  }
}

bool tflc::canExecuteHere(const TargetInfo &target) {
  // A wider machine than this one may still be emulated.
  return target.isNative() || target.runsOn(detectNativeTarget());
}

int tflc::executeHere(const Execution &execution, std::vector<Array> &outputs,
                      Diagnostics &diagnostics) {
  Expected<std::unique_ptr<CompiledModel>> model =
      CompiledModel::create(execution.result, execution.linkedFiles);
  if (!model) {
    diagnostics.check(model.takeError());
    // What users link may be at fault.
    return execution.result.customFunctions.empty() ? exitDefect : exitFault;
  }
  if (execution.threads && diagnostics.check((*model)->setThreads(execution.threads)))
    return exitFault;
  Invocation invocation(**model, execution.result, execution.signature);
  int64_t invocations = execution.inputs.getNumInvocations();
  for (int64_t n = 0; n < invocations; ++n) {
    if (n == 0 || execution.reset)
      invocation.reset();
    std::vector<const void *> inputPointers;
    for (size_t i = 0; i < execution.inputs.arrays.size(); ++i)
      inputPointers.push_back(execution.inputs.getData(i, n));
    Expected<int32_t> status = invocation.run(inputPointers);
    if (!status) {
      diagnostics.check(status.takeError());
      return exitDefect;
    }
    if (*status) {
      std::string which = invocations > 1 ? "invocation " + std::to_string(n) + ": " : "";
      diagnostics.error(which + describeStatus(*status));
      return exitFault;
    }
    for (auto [i, output] : llvm::enumerate(outputs))
      if (!appendOutput(output, invocation.getShape(i), invocation.getData(i), execution.inputs, n,
                        diagnostics))
        return exitFault;
  }
  return exitDone;
}
