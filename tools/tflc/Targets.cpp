//===- Targets.cpp - tflc targets -----------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "Subcommands.h"

#include "tflc/Target/TargetInfo.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"

#define TFLC_OPTION_TABLE "ListOptions.inc"
#include "OptionTable.inc"

using namespace llvm;
using namespace tflc;

static constexpr HelpPage page = {
    "tflc targets", "[--json]",
    "Lists the machines that tflc has facts about. `tflc compile --target=NAME` compiles for\n"
    "one of them; --triple, --cpu and --features reach any other that LLVM knows.",
    ""};

static std::string formatBytes(int64_t bytes) {
  if (bytes >= 1 << 20 && bytes % (1 << 20) == 0)
    return std::to_string(bytes >> 20) + "M";
  return bytes ? std::to_string(bytes >> 10) + "K" : "";
}

static json::Value toJSON(const TargetInfo &target) {
  return json::Object{{"name", target.name},
                      {"description", target.description},
                      {"triple", target.triple},
                      {"cpu", target.cpu},
                      {"features", target.features},
                      {"pointer_bits", target.pointerBits},
                      {"vector_bits", target.vectorBits},
                      {"scalable_vectors", target.scalableVectors},
                      {"dot", target.instructions.dot->name},
                      {"float_bits", target.floatUnit == FloatUnit::Double   ? 64
                                     : target.floatUnit == FloatUnit::Single ? 32
                                                                             : 0},
                      {"fma", target.hasFMA},
                      {"l1_bytes", target.l1Bytes},
                      {"l2_bytes", target.l2Bytes},
                      {"flash_bytes", target.flashBytes},
                      {"ram_bytes", target.ramBytes},
                      {"can_run", target.isNative() || !target.runCommand.empty()},
                      {"link_command", json::Array(target.linkCommand)},
                      {"run_command", json::Array(target.runCommand)}};
}

int tflc::targetsMain(ArrayRef<const char *> args, Diagnostics &diagnostics) {
  int status;
  std::optional<Arguments> arguments =
      parseArguments(subcommandOptions(), args, page, diagnostics, status);
  if (!arguments)
    return status;
  if (!arguments->expectNoInputs(page, diagnostics))
    return exitFault;
  std::vector<TargetInfo> targets = getAllTargets();
  if (arguments->has("json")) {
    json::Array list;
    for (const TargetInfo &target : targets)
      list.push_back(toJSON(target));
    outs() << formatv("{0:2}", json::Value(json::Object{{"targets", std::move(list)}})) << "\n";
    return exitDone;
  }
  outs() << "name                cpu                 vector     dot       flash   RAM     "
            "description\n";
  for (const TargetInfo &target : targets) {
    std::string vector = !target.vectorBits       ? "-"
                         : target.scalableVectors ? "scalable"
                                                  : std::to_string(target.vectorBits) + " bit";
    const DotProduct &dot = *target.instructions.dot;
    bool isNone = dot.instruction == DotInstruction::None;
    outs() << left_justify(target.name, 20) << left_justify(target.cpu, 20)
           << left_justify(vector, 11) << left_justify(isNone ? "-" : StringRef(dot.name), 10)
           << left_justify(formatBytes(target.flashBytes), 8)
           << left_justify(formatBytes(target.ramBytes), 8) << target.description << "\n";
  }
  return exitDone;
}
