//===- ExecuteEmulated.cpp - runs compiled code of another machine --------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The object is linked with a small C program that reads inputs from a file and writes outputs and
// statuses to another. That works in QEMU's user mode and, by semihosting, on bare metal.
//
//===----------------------------------------------------------------------===//

#include "tflc/Compiler/Binding.h"
#include "tflc/Compiler/Execute.h"
#include "tflc/Compiler/Outcome.h"

#include "tflc/Support/OutputFiles.h"
#include "tflc/tflc.h"

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

/// Declares the memory of inputs, outputs and arena, which has a fixed size.
static void writeFixedMemory(raw_ostream &os, const Execution &execution) {
  const CompileStatistics &stats = execution.result.statistics;
  os << "static unsigned char arena[" << std::max<int64_t>(stats.arenaBytes, 1) << "] ALIGNED;\n";
  for (auto [i, tensor] : llvm::enumerate(execution.signature.outputs))
    os << "static unsigned char out" << i << "[" << std::max<int64_t>(tensor.getNumBytes(), 1)
       << "] ALIGNED;\n";
  os << "static void *outs[] = {";
  for (size_t i = 0; i < execution.signature.outputs.size(); ++i)
    os << "out" << i << ", ";
  os << "0};\n";
}

/// Declares memory that grows where data ask for more. Nothing is freed; the program soon ends.
static void writeGrowingMemory(raw_ostream &os, const Execution &execution,
                               const EntryPoint &entry) {
  DimsLayout layout = getDimsLayout(execution.signature);
  size_t numOutputs = execution.signature.outputs.size();
  os << "extern int64_t " << entry.plan << "(int64_t *);\n"
     << "static int64_t dims[" << layout.getCount() << " + 1], arena_bytes, room[" << numOutputs
     << " + 1];\n"
     << "static unsigned char *arena, state[" << execution.result.statistics.stateBytes
     << " + 1];\n"
     << "static void *outs[" << numOutputs << " + 1];\n"
     << "static void *take(int64_t bytes) {\n"
     << "  char *memory = malloc((size_t)bytes + 64);\n"
     << "  if (!memory)\n    exit(1);\n"
     << "  return memory + (64 - (uintptr_t)memory % 64);\n}\n";
}

/// Defines `bytes_of`: the bytes of an output by the present sizes.
static void writeSizes(raw_ostream &os, const Execution &execution) {
  DimsLayout layout = getDimsLayout(execution.signature);
  unsigned derived = layout.inputs, measured = layout.getFirstMeasured();
  os << "static int64_t bytes_of(int output) {\n  switch (output) {\n";
  for (auto [i, output] : llvm::enumerate(execution.signature.outputs)) {
    os << "  case " << i << ":\n    return " << getElementTypeSize(output.type);
    for (int64_t size : output.shape) {
      if (size >= 0)
        os << " * INT64_C(" << size << ")";
      else
        os << " * (dims[" << (size == measuredDim ? measured : derived) << "] < 0 ? 0 : dims["
           << (size == measuredDim ? measured++ : derived++) << "])";
    }
    os << ";\n";
  }
  os << "  }\n  return 0;\n}\n";
}

/// Invokes until there is memory enough.
static void writeGrowingInvocation(raw_ostream &os, const Execution &execution,
                                   const EntryPoint &entry) {
  DimsLayout layout = getDimsLayout(execution.signature);
  int64_t stateBytes = execution.result.statistics.stateBytes;
  os << "    int32_t status;\n"
     << "    memcpy(state, arena, " << stateBytes << ");\n"
     << "    for (;;) {\n"
     << "      for (int i = 0; i < " << execution.signature.outputs.size() << "; ++i)\n"
     << "        if (!outs[i] || bytes_of(i) > room[i])\n"
     << "          outs[i] = take(room[i] = bytes_of(i));\n";
  unsigned capacity = layout.getFirstCapacity();
  for (auto [i, output] : llvm::enumerate(execution.signature.outputs))
    if (output.isMeasured())
      os << "      dims[" << capacity++ << "] = room[" << i << "];\n";
  os << "      dims[" << layout.getCount() - 1 << "] = arena_bytes;\n"
     << "      status = " << entry.packed << "(ins, outs, arena, dims);\n"
     << "      if (status == " << TFLC_LARGER_ARENA_NEEDED << ")\n"
     << "        arena = take(arena_bytes = dims[" << layout.getCount() - 1 << "]);\n"
     << "      else if (status != " << TFLC_LARGER_OUTPUT_NEEDED << ")\n        break;\n"
     << "      memcpy(arena, state, " << stateBytes << ");\n    }\n";
}

/// The program around the model: for each invocation it reads the inputs, and writes the status,
/// the sizes that data have decided, and the outputs.
static std::string writeProgram(const Execution &execution, const EntryPoint &entry,
                                const WorkFolder &folder) {
  const CompileStatistics &stats = execution.result.statistics;
  const SignatureInfo &signature = execution.signature;
  bool isGrowing = !entry.plan.empty();
  std::string text;
  raw_string_ostream os(text);
  os << "#include <stdint.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n"
     << "#define ALIGNED __attribute__((aligned(" << std::max<int64_t>(stats.arenaAlignment, 16)
     << ")))\n"
     << "extern int32_t " << entry.packed << "(void *const *, void *const *, void *, int64_t *);\n";
  const std::string &reset = execution.result.resetSymbol;
  if (!reset.empty())
    os << "extern int32_t " << reset << "(void *);\n";
  for (auto [i, tensor] : llvm::enumerate(signature.inputs))
    os << "static unsigned char in" << i << "[" << std::max<int64_t>(tensor.getNumBytes(), 1)
       << "] ALIGNED;\n";
  os << "static void *const ins[] = {";
  for (size_t i = 0; i < signature.inputs.size(); ++i)
    os << "in" << i << ", ";
  os << "0};\n";
  if (isGrowing) {
    writeGrowingMemory(os, execution, entry);
    writeSizes(os, execution);
  } else {
    writeFixedMemory(os, execution);
  }
  os << "int main(void) {\n  FILE *from = fopen(" << quote(folder.file("in.bin"))
     << ", \"rb\"), *to = fopen(" << quote(folder.file("out.bin")) << ", \"wb\");\n"
     << "  if (!from || !to)\n    return 1;\n";
  if (isGrowing)
    os << "  arena_bytes = " << entry.plan << "(dims);\n"
       << "  if (arena_bytes < " << stats.arenaBytes << ")\n    arena_bytes = " << stats.arenaBytes
       << ";\n  arena = take(arena_bytes);\n";
  os << "  for (long n = 0; n < " << execution.inputs.getNumInvocations() << "L; ++n) {\n";
  for (auto [i, tensor] : llvm::enumerate(signature.inputs))
    os << "    if (fread(in" << i << ", 1, " << tensor.getNumBytes()
       << ", from) != " << tensor.getNumBytes() << ")\n      return 1;\n";
  if (!reset.empty())
    os << "    if (n == 0" << (execution.reset ? " || 1" : "") << ")\n      " << reset
       << "(arena);\n";
  if (isGrowing)
    writeGrowingInvocation(os, execution, entry);
  else
    os << "    int32_t status = " << entry.packed << "(ins, outs, arena, 0);\n";
  os << "    fwrite(&status, 1, 4, to);\n"
     << "    if (status)\n      break;\n";
  if (isGrowing)
    os << "    fwrite(dims, 8, " << getDimsLayout(signature).getCount() << ", to);\n";
  for (auto [i, tensor] : llvm::enumerate(signature.outputs)) {
    os << "    fwrite(outs[" << i << "], 1, ";
    if (isGrowing)
      os << "(size_t)bytes_of(" << i << ")";
    else
      os << tensor.getNumBytes();
    os << ", to);\n";
  }
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
static int readResults(StringRef data, const Execution &execution, const EntryPoint &entry,
                       std::vector<Array> &outputs, Diagnostics &diagnostics) {
  const SignatureInfo &signature = execution.signature;
  DimsLayout layout = getDimsLayout(signature);
  size_t header = 4 + (entry.plan.empty() ? 0 : 8 * layout.getCount());
  for (int64_t n = 0; n < execution.inputs.getNumInvocations(); ++n) {
    if (data.size() < 4) {
      diagnostics.error("the program ended before invocation " + Twine(n));
      return exitDefect;
    }
    // All targets with an emulator here are little-endian.
    if (int32_t status = support::endian::read32le(data.data())) {
      diagnostics.error(describeStatus(status));
      return exitFault;
    }
    std::vector<int64_t> dims;
    for (size_t i = 4; i < std::min(header, data.size() - 7); i += 8)
      dims.push_back(support::endian::read64le(data.data() + i));
    dims.resize(layout.getCount());
    data = data.drop_front(std::min(header, data.size()));
    for (auto [i, output] : llvm::enumerate(outputs)) {
      std::vector<int64_t> shape = getOutputShape(signature, i, dims);
      size_t size = getElementTypeSize(output.type);
      for (int64_t dim : shape)
        size *= dim;
      if (data.size() < size) {
        diagnostics.error("the program ended within invocation " + Twine(n));
        return exitDefect;
      }
      if (!appendOutput(output, shape, data.take_front(size), execution.inputs, n, diagnostics))
        return exitFault;
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
  llvm::append_range(link, execution.linkedFiles);
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
  return readResults(*result, execution, *entry, outputs, diagnostics);
}
