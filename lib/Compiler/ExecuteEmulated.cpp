//===- ExecuteEmulated.cpp - runs compiled code of another machine --------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The object is linked with a small C program that reads inputs from a file and writes outputs and
// statuses to another. That works in QEMU's user mode and, by semihosting, on bare metal.
//
//===----------------------------------------------------------------------===//

#include "tflc/Compiler/Execute.h"
#include "tflc/Compiler/Outcome.h"

#include "tflc/Support/OutputFiles.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace llvm;
using namespace tflc;
namespace fs = llvm::sys::fs;

namespace {
/// A folder for the files in between, gone afterwards.
class WorkFolder {
public:
  std::error_code make() { return fs::createUniqueDirectory("tflc", path); }
  ~WorkFolder() {
    if (!path.empty())
      fs::remove_directories(path);
  }
  std::string file(StringRef name) const { return (path + "/" + name).str(); }

private:
  SmallString<128> path;
};
} // namespace

static std::string quote(StringRef text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      result += '\\';
    result += c;
  }
  return result + "\"";
}

static const EntryPoint *findEntry(const Execution &execution) {
  for (const EntryPoint &entry : execution.result.entryPoints)
    if (entry.signature == execution.signature.key)
      return &entry;
  return nullptr;
}

/// The program around the model: for each invocation it reads the inputs, and writes the status and
/// the outputs.
static std::string writeProgram(const Execution &execution, const EntryPoint &entry,
                                const WorkFolder &folder) {
  const CompileStatistics &stats = execution.result.statistics;
  const SignatureInfo &signature = execution.signature;
  std::string text;
  raw_string_ostream os(text);
  os << "#include <stdint.h>\n#include <stdio.h>\n"
     << "#define ALIGNED __attribute__((aligned(" << std::max<int64_t>(stats.arenaAlignment, 16)
     << ")))\n"
     << "extern int32_t " << entry.packed
     << "(void *const *, void *const *, void *, const int64_t *);\n";
  const std::string &reset = execution.result.resetSymbol;
  if (!reset.empty())
    os << "extern int32_t " << reset << "(void *);\n";
  os << "static unsigned char arena[" << std::max<int64_t>(stats.arenaBytes, 1) << "] ALIGNED;\n";
  auto declare = [&](StringRef kind, ArrayRef<TensorInfo> tensors) {
    for (auto [i, tensor] : llvm::enumerate(tensors))
      os << "static unsigned char " << kind << i << "["
         << std::max<int64_t>(tensor.getNumBytes(), 1) << "] ALIGNED;\n";
    os << "static void *const " << kind << "s[] = {";
    for (size_t i = 0; i < tensors.size(); ++i)
      os << kind << i << ", ";
    os << "0};\n";
  };
  declare("in", signature.inputs);
  declare("out", signature.outputs);
  os << "int main(void) {\n  FILE *from = fopen(" << quote(folder.file("in.bin"))
     << ", \"rb\"), *to = fopen(" << quote(folder.file("out.bin")) << ", \"wb\");\n"
     << "  if (!from || !to)\n    return 1;\n"
     << "  for (long n = 0; n < " << execution.inputs.getNumInvocations() << "L; ++n) {\n";
  for (auto [i, tensor] : llvm::enumerate(signature.inputs))
    os << "    if (fread(in" << i << ", 1, " << tensor.getNumBytes()
       << ", from) != " << tensor.getNumBytes() << ")\n      return 1;\n";
  if (!reset.empty())
    os << "    if (n == 0" << (execution.reset ? " || 1" : "") << ")\n      " << reset
       << "(arena);\n";
  os << "    int32_t status = " << entry.packed << "(ins, outs, arena, 0);\n"
     << "    fwrite(&status, 1, 4, to);\n"
     << "    if (status)\n      break;\n";
  for (auto [i, tensor] : llvm::enumerate(signature.outputs))
    os << "    fwrite(out" << i << ", 1, " << tensor.getNumBytes() << ", to);\n";
  os << "  }\n  return fclose(to) != 0;\n}\n";
  return text;
}

/// Runs a command; what it prints is shown only if it fails.
static int runCommand(ArrayRef<std::string> command, const WorkFolder &folder, StringRef purpose,
                      Diagnostics &diagnostics) {
  ErrorOr<std::string> program = sys::findProgramByName(command.front());
  if (!program) {
    diagnostics.error("'" + command.front() + "' is not installed; it is needed to " + purpose);
    return exitFault;
  }
  std::string log = folder.file("log");
  SmallVector<StringRef> args(command.begin(), command.end());
  std::optional<StringRef> redirects[] = {StringRef(""), StringRef(log), StringRef(log)};
  std::string message;
  int code = sys::ExecuteAndWait(*program, args, /*Env=*/std::nullopt, redirects,
                                 /*SecondsToWait=*/0, /*MemoryLimit=*/0, &message);
  if (code == 0)
    return exitDone;
  diagnostics.error("cannot " + purpose + ": '" + command.front() + "' failed with status " +
                    Twine(code) + (message.empty() ? "" : ", " + message));
  if (Expected<std::string> output = readFile(log)) {
    SmallVector<StringRef> lines;
    StringRef(*output).split(lines, '\n', -1, /*KeepEmpty=*/false);
    for (StringRef line : ArrayRef(lines).take_front(5))
      diagnostics.note(line);
  } else {
    consumeError(output.takeError());
  }
  return exitFault;
}

/// Splits what the program wrote into the outputs.
static int readResults(StringRef data, const Execution &execution, std::vector<Array> &outputs,
                       Diagnostics &diagnostics) {
  int64_t invocations = execution.inputs.getNumInvocations();
  for (int64_t n = 0; n < invocations; ++n) {
    if (data.size() < 4) {
      diagnostics.error("the program ended before invocation " + Twine(n));
      return exitDefect;
    }
    // All targets with an emulator here are little-endian.
    if (int32_t status = support::endian::read32le(data.data())) {
      diagnostics.error(describeStatus(status));
      return exitFault;
    }
    data = data.drop_front(4);
    for (Array &output : outputs) {
      size_t size = output.data.size() / invocations;
      if (data.size() < size) {
        diagnostics.error("the program ended within invocation " + Twine(n));
        return exitDefect;
      }
      std::copy_n(data.data(), size, output.data.data() + size * n);
      data = data.drop_front(size);
    }
  }
  return exitDone;
}

int tflc::executeEmulated(const Execution &execution, const TargetInfo &target,
                          std::vector<Array> &outputs, Diagnostics &diagnostics) {
  const EntryPoint *entry = findEntry(execution);
  auto object = execution.result.files.find(EmitKind::Object);
  if (!entry || object == execution.result.files.end()) {
    diagnostics.error("internal defect: the compilation gave no code for the signature");
    return exitDefect;
  }
  if (target.linkCommand.empty() || target.runCommand.empty()) {
    diagnostics.error("programs for the target '" + target.name + "' cannot be executed here");
    diagnostics.help("'tflc compile' works for every target");
    return exitFault;
  }
  WorkFolder folder;
  if (std::error_code code = folder.make()) {
    diagnostics.error("cannot make a temporary folder: " + code.message());
    return exitFault;
  }
  std::string input;
  for (int64_t n = 0; n < execution.inputs.getNumInvocations(); ++n)
    for (size_t i = 0; i < execution.inputs.arrays.size(); ++i)
      input.append(execution.inputs.getData(i, n), execution.signature.inputs[i].getNumBytes());
  if (diagnostics.check(writeFile(folder.file("in.bin"), input)) ||
      diagnostics.check(writeFile(folder.file("model.o"), object->second)) ||
      diagnostics.check(writeFile(folder.file("main.c"), writeProgram(execution, *entry, folder))))
    return exitFault;

  std::vector<std::string> link = target.linkCommand;
  for (StringRef arg : {"-O1", "-o"})
    link.push_back(arg.str());
  link.push_back(folder.file("program"));
  link.push_back(folder.file("main.c"));
  link.push_back(folder.file("model.o"));
  if (int failure = runCommand(link, folder, "link the program", diagnostics))
    return failure;
  std::vector<std::string> run = target.runCommand;
  run.push_back(folder.file("program"));
  if (int failure = runCommand(run, folder, "run the program", diagnostics))
    return failure;
  Expected<std::string> result = readFile(folder.file("out.bin"));
  if (!result) {
    diagnostics.check(result.takeError());
    return exitFault;
  }
  return readResults(*result, execution, outputs, diagnostics);
}
