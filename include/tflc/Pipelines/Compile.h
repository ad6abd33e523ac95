//===- Compile.h - from an imported model to files in memory ----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_PIPELINES_COMPILE_H
#define TFLC_PIPELINES_COMPILE_H

#include "tflc/Pipelines/Pipelines.h"
#include "tflc/Schedule/StepInfo.h"
#include "tflc/Support/ModelInfo.h"
#include "tflc/Target/TargetInfo.h"
#include "llvm/Support/LogicalResult.h"
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace mlir {
class DialectRegistry;
class ModuleOp;
} // namespace mlir

namespace tflc {

/// What a compilation may give. The names are those of --emit.
enum class EmitKind { Object, Header, Library, Shared, Assembly, LLVMIR, Bitcode, MLIR };

struct EmitInfo {
  EmitKind kind;
  llvm::StringRef name;      // "obj", "header", "lib", "shared", "asm", "llvm", "bc", "mlir"
  llvm::StringRef prefix;    // of the file: "lib" for libraries
  llvm::StringRef extension; // ".o", ".h", ".a", ".so", ".s", ".ll", ".bc", ".mlir"
  bool isText;
};

llvm::ArrayRef<EmitInfo> getEmitKinds();
std::optional<EmitKind> parseEmitKind(llvm::StringRef name);

struct CompileOptions {
  TargetInfo target;
  OptLevel optLevel = OptLevel::O2;
  /// Prefix of exported symbols, a C identifier. Empty: made from the module's `tfl.name`.
  std::string name;
  /// Dimensions that the import left unknown stay so.
  bool dynamic = false;
  std::set<EmitKind> emit = {EmitKind::Object};
  /// The last phase to run; the module then stands as that phase leaves it.
  std::optional<Phase> stopAfter;
  /// The code records the time of every step behind the end of the arena; see CompileResult.
  bool profile = false;
  /// Run chains of operators row by row where that makes the arena smaller; -Os always does.
  bool rowStreaming = false;
  /// Long operators are shared by tasks that a parallel-for of the caller runs (docs/Threads.md).
  /// Without an effect at -O0.
  bool threads = false;
  /// Run the verifier between passes; on in tests, off for speed.
  bool verifyEach = false;
};

/// The numbers of the summary and of NAME.json.
struct CompileStatistics {
  int64_t codeBytes = 0;
  int64_t constantBytes = 0; // read-only data: weights, tables, descriptor
  int64_t stackBytes = 0;    // of an invocation
  int64_t arenaBytes = 0;
  int64_t arenaAlignment = 0;
  int64_t stateBytes = 0; // the first bytes of the arena, which hold the variables
  int64_t arenaLowerBound = 0;
  /// Seconds by phase name, in order; code generation proper counts as "codegen".
  std::vector<std::pair<std::string, double>> seconds;
};

/// The functions that the object exports for one signature; docs/RuntimeABI.md tells their types.
struct EntryPoint {
  std::string signature; // its key
  std::string typed;     // takes one pointer for each input and output
  std::string packed;    // takes them in arrays: `tflc_invoke_fn`
  std::string plan;      // empty where all dimensions are known
};

struct CompileResult {
  std::string name; // the prefix that was used
  /// Signatures and variables after normalization: the shapes are those that the code is for.
  ModelInfo model;
  std::map<EmitKind, std::string> files;
  CompileStatistics statistics;
  std::vector<EntryPoint> entryPoints;
  /// Sets the variables in an arena to their initial values; empty where the model has none.
  std::string resetSymbol;
  /// What the object calls of the user's, by the names that --custom gave.
  std::vector<std::string> customFunctions;
  /// With CompileOptions::profile: the steps of all entry functions, and the offset in the arena
  /// where an invocation leaves their times: before the first step of the function, after each, and
  /// once more.
  std::vector<StepInfo> steps;
  int64_t profileOffset = 0;
  /// Where compilation failed: data decide a size for which there is no code. That is asked for by
  /// the model, and no defect of the compiler.
  bool isUnbounded = false;
};

/// Compiles `module`, a model as the importer gives it; the module is consumed phase by phase and
/// is left as the last phase makes it. Every finding is reported through the context's diagnostics.
llvm::LogicalResult compileModel(mlir::ModuleOp module, const CompileOptions &options,
                                 CompileResult &result);

/// The last part of compileModel: from a module in the LLVM dialect to files. `result.model` and
/// `result.name` describe the model.
llvm::LogicalResult generateCode(mlir::ModuleOp module, const CompileOptions &options,
                                 CompileResult &result);

/// What the passes of all phases and the translation to LLVM IR need to know of dialects; to be
/// called before the context loads them.
void registerCompileDialects(mlir::DialectRegistry &registry);

} // namespace tflc

#endif // TFLC_PIPELINES_COMPILE_H
