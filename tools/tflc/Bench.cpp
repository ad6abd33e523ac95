//===- Bench.cpp - tflc bench ---------------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ModelOptions.h"
#include "PerOperator.h"
#include "Subcommands.h"

#include "tflc/Compiler/AlignedMemory.h"
#include "tflc/Compiler/Execute.h"
#include "tflc/Compiler/ModelSession.h"
#include "tflc/Compiler/Specialize.h"
#include "tflc/Compiler/Summary.h"
#include "tflc/Execution/Invocation.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <chrono>
#include <random>

#define TFLC_OPTION_TABLE "BenchOptions.inc"
#include "OptionTable.inc"

using namespace llvm;
using namespace tflc;
using Clock = std::chrono::steady_clock;

static constexpr HelpPage page = {
    "tflc bench", "MODEL [options]",
    "Compiles a model for this machine and measures one thread, or those of --threads: the "
    "fastest\n"
    "and the median invocation, and the bytes of code, constants and arena. With --per-op also "
    "each\n"
    "fused operator:\n"
    "its time, what it loses against this machine's measured peak, and how it was scheduled.",
    "  tflc bench mnist.tflite\n"
    "  tflc bench mnist.tflite --per-op\n"
    "  tflc bench mnist.tflite --json --min-time=0.4\n"};

/// Small models run for less than the clock's resolution, so a reading covers a batch that takes
/// at least this long.
static constexpr double minBatchSeconds = 20e-6;

namespace {
struct Timing {
  double minMicroseconds = 0;
  double medianMicroseconds = 0;
  int64_t invocations = 0;
};
} // namespace

static double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Inputs between -1 and 1, or over all bytes. Wide integers are mostly indices or sizes, so they
/// stay zero.
static InputSet makeRandomInputs(const SignatureInfo &signature) {
  InputSet set;
  std::mt19937 random(1);
  for (const TensorInfo &input : signature.inputs) {
    Array array;
    array.type = input.type;
    array.shape = input.shape;
    array.data.resize(input.getNumBytes());
    if (input.type == ElementType::Float32) {
      std::uniform_real_distribution<float> uniform(-1, 1);
      for (size_t at = 0; at < array.data.size(); at += sizeof(float)) {
        float value = uniform(random);
        std::memcpy(&array.data[at], &value, sizeof(value));
      }
    } else if (input.type == ElementType::Int8 || input.type == ElementType::UInt8) {
      for (char &value : array.data)
        value = char(random());
    } else if (input.type == ElementType::Int16) {
      for (size_t at = 0; at < array.data.size(); at += sizeof(int16_t)) {
        int16_t value = int16_t(int(random() % 256) - 128);
        std::memcpy(&array.data[at], &value, sizeof(value));
      }
    }
    set.arrays.push_back(std::move(array));
  }
  return set;
}

static Timing measure(CompiledModel::PackedFunction function, void *const *inputs,
                      Invocation &invocation, double minSeconds) {
  std::vector<void *> outputs = invocation.getOutputPointers();
  auto invoke = [&](int64_t count) {
    Clock::time_point start = Clock::now();
    for (int64_t i = 0; i < count; ++i)
      function(inputs, outputs.data(), invocation.getArena(), invocation.getDims());
    return secondsSince(start);
  };
  invoke(1);
  int64_t batch = 1;
  while (invoke(batch) < minBatchSeconds && batch < (1 << 24))
    batch *= 2;

  std::vector<double> readings;
  Clock::time_point start = Clock::now();
  do
    readings.push_back(invoke(batch) / batch * 1e6);
  while (secondsSince(start) < minSeconds || readings.size() < 3);
  llvm::sort(readings);
  return {readings.front(), readings[readings.size() / 2], int64_t(readings.size()) * batch};
}

static void printTable(raw_ostream &os, const Timing &timing, const CompileResult &result,
                       double compileSeconds) {
  const CompileStatistics &stats = result.statistics;
  auto line = [&](StringRef label) -> raw_ostream & { return os << left_justify(label, 12); };
  auto bytes = [](int64_t count) { return formatCount(count) + " bytes"; };
  line("fastest") << format("%.3f us\n", timing.minMicroseconds);
  line("median") << format("%.3f us", timing.medianMicroseconds) << " of "
                 << formatCount(timing.invocations) << " invocations\n";
  line("code") << bytes(stats.codeBytes) << "\n";
  line("constants") << bytes(stats.constantBytes) << "\n";
  line("arena") << bytes(stats.arenaBytes) << "\n";
  line("compilation") << format("%.0f ms\n", compileSeconds * 1e3);
}

namespace {
/// The model as it was compiled, with memory to run it in.
class Bench {
public:
  Bench(ModelSession &session, const Arguments &arguments, unsigned threads)
      : session(session), arguments(arguments), threads(threads),
        diagnostics(session.getDiagnostics()) {}

  /// Compiles the model, loads it and runs it once; returns the exit status.
  int prepare();

  /// Of a compilation with CompileOptions::profile. None after an error.
  std::optional<Profile> profile(double minSeconds);

  CompileResult result;
  double compileSeconds = 0;
  std::vector<void *> inputPointers;
  std::optional<Invocation> invocation;
  CompiledModel::PackedFunction function;

private:
  ModelSession &session;
  const Arguments &arguments;
  unsigned threads;
  Diagnostics &diagnostics;
  const SignatureInfo *signature = nullptr;
  std::unique_ptr<CompiledModel> model;
  std::vector<AlignedMemory> buffers;
};
} // namespace

int Bench::prepare() {
  Clock::time_point start = Clock::now();
  InputSet inputs;
  std::string key;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::optional<StringRef> wanted = arguments.get("signature");
  if (std::optional<StringRef> path = arguments.get("inputs")) {
    Expected<std::vector<Array>> arrays = readArrays(*path);
    if (!arrays) {
      diagnostics.check(arrays.takeError());
      return exitFault;
    }
    module = importForInputs(session, wanted, std::move(*arrays), /*samples=*/false, inputs, key);
  } else {
    module = session.import();
  }
  if (!module)
    return exitFault;
  if (int failure = session.compile(*module, result))
    return failure;
  compileSeconds = secondsSince(start);

  signature = chooseSignature(result.model, key.empty() ? wanted : StringRef(key), diagnostics);
  if (!signature)
    return exitFault;
  if (!arguments.has("inputs"))
    inputs = makeRandomInputs(*signature);
  Expected<std::unique_ptr<CompiledModel>> created = CompiledModel::create(result);
  if (!created) {
    diagnostics.check(created.takeError());
    return exitDefect;
  }
  model = std::move(*created);
  if (threads && diagnostics.check(model->setThreads(threads)))
    return exitFault;
  for (auto [i, input] : llvm::enumerate(signature->inputs)) {
    buffers.emplace_back(input.getNumBytes(), 64);
    std::memcpy(buffers.back().get(), inputs.getData(i, 0), input.getNumBytes());
    inputPointers.push_back(buffers.back().get());
  }
  invocation.emplace(*model, result, *signature);
  invocation->reset();
  function = model->getFunction(signature->key);
  std::vector<const void *> pointers(inputPointers.begin(), inputPointers.end());
  Expected<int32_t> code = invocation->run(pointers);
  if (!code) {
    diagnostics.check(code.takeError());
    return exitDefect;
  }
  if (*code) {
    diagnostics.error(describeStatus(*code));
    return exitFault;
  }
  return exitDone;
}

std::optional<Profile> Bench::profile(double minSeconds) {
  auto work = session.showWork("measuring the operators of");
  Profile profile;
  Expected<MachinePeak> peak = measureMachinePeak(session.getCompileOptions().target);
  if (!peak) {
    diagnostics.check(peak.takeError());
    return std::nullopt;
  }
  profile.peak = std::move(*peak);
  std::vector<StepInfo> steps;
  for (const StepInfo &step : result.steps)
    if (step.function == signature->function)
      steps.push_back(step);
  if (steps.empty())
    return profile;
  auto *times = reinterpret_cast<const int64_t *>(static_cast<char *>(invocation->getArena()) +
                                                  result.profileOffset);
  std::vector<void *> outputs = invocation->getOutputPointers();
  profile.steps = measureSteps(
      std::move(steps), times,
      [&] {
        function(inputPointers.data(), outputs.data(), invocation->getArena(),
                 invocation->getDims());
      },
      minSeconds);
  return profile;
}

int tflc::benchMain(ArrayRef<const char *> args, Diagnostics &diagnostics) {
  int status;
  std::optional<ModelCommand> command =
      parseModelCommand(subcommandOptions(), args, page, diagnostics, status);
  if (!command)
    return status;
  auto &[arguments, options] = *command;
  double minSeconds = 1;
  if (std::optional<StringRef> text = arguments.get("min-time"))
    if (text->getAsDouble(minSeconds) || !(minSeconds >= 0 && minSeconds < 1e6)) {
      diagnostics.error("'--min-time=" + *text + "' is not a number of seconds");
      return exitFault;
    }
  if (!canExecuteHere(options.compile.target)) {
    diagnostics.error("code for '" + options.compile.target.name +
                      "' does not run on this machine");
    diagnostics.help("'tflc run --target' executes it in an emulator, whose times mean nothing");
    return exitFault;
  }
  std::unique_ptr<ModelSession> session = ModelSession::open(options, diagnostics);
  if (!session)
    return exitFault;

  Bench bench(*session, arguments, options.threads);
  if (int failure = bench.prepare())
    return failure;
  Timing timing;
  {
    auto work = session->showWork("measuring");
    timing = measure(bench.function, bench.inputPointers.data(), *bench.invocation, minSeconds);
  }
  std::optional<Profile> profile;
  if (arguments.has("per-op")) {
    session->getCompileOptions().profile = true;
    Bench profiled(*session, arguments, options.threads);
    if (int failure = profiled.prepare())
      return failure;
    profile = profiled.profile(minSeconds);
    if (!profile)
      return exitDefect;
  }

  const CompileResult &result = bench.result;
  if (!arguments.has("json")) {
    printTable(outs(), timing, result, bench.compileSeconds);
    if (profile)
      printProfile(outs(), *profile);
    return exitDone;
  }
  const CompileStatistics &stats = result.statistics;
  json::Object object{{"name", result.name},
                      {"min_us", timing.minMicroseconds},
                      {"median_us", timing.medianMicroseconds},
                      {"invocations", timing.invocations},
                      {"arena_bytes", stats.arenaBytes},
                      {"code_bytes", stats.codeBytes},
                      {"constant_bytes", stats.constantBytes},
                      {"compile_ms", bench.compileSeconds * 1e3}};
  if (profile)
    object["per_op"] = toJSON(*profile);
  outs() << formatv("{0:2}\n", json::Value(std::move(object)));
  return exitDone;
}
