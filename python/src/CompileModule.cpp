//===- CompileModule.cpp - describing and compiling a model ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Findings.h"
#include "Module.h"

#include "tflc/Compiler/ArenaMap.h"
#include "tflc/Compiler/ComputedTensors.h"
#include "tflc/Compiler/Graph.h"
#include "tflc/Compiler/ModelSession.h"
#include "tflc/Compiler/Outcome.h"
#include "tflc/Compiler/Summary.h"
#include "tflc/Import/DescribeFile.h"
#include "tflc/Pipelines/DescribeModel.h"

#include "llvm/Support/FormatVariadic.h"

#include <cstdlib>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <nanobind/stl/map.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;
using namespace tflc;
using namespace tflc::python;

static std::string toText(llvm::json::Value value) { return llvm::formatv("{0}", value).str(); }

static nb::tuple describe(const nb::bytes &contents, const std::string &path) {
  Diagnostics diagnostics;
  std::optional<std::string> text;
  {
    nb::gil_scoped_release release;
    mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
    diagnostics.setFile(path);
    diagnostics.attach(context);
    if (auto object =
            describeFile(llvm::MemoryBufferRef(toStringRef(contents), path), &context, path))
      text = toText(std::move(*object));
  }
  return answer(std::move(text), diagnostics);
}

namespace {
/// What Python asks of a compilation, as it says it.
struct CompileRequest {
  std::string target, triple, cpu, features;
  std::string level;
  std::string name;
  std::vector<std::pair<std::string, std::vector<int64_t>>> shapes;
  std::vector<std::string> emit;
  /// Custom operators, and the C functions that compute them.
  std::vector<std::pair<std::string, std::string>> custom;
  bool dynamic = false;
  bool rowStreaming = false;
  /// Long operators become tasks for several threads.
  bool threads = false;
  /// Every tensor that an operator computes becomes an output.
  bool expose = false;

  /// False after a report.
  bool read(SessionOptions &options, Diagnostics &diagnostics) const;
};

struct CompileAnswer {
  CompileResult result;
  /// Of NAME.json, with "tensors" (ComputedTensors.h) and "arena".
  std::string summary;
  /// The eight lines of `tflc compile`.
  std::string text;
};
} // namespace

bool CompileRequest::read(SessionOptions &options, Diagnostics &diagnostics) const {
  llvm::Expected<TargetInfo> resolved = resolveTarget({target, triple, cpu, features});
  if (!resolved)
    return !diagnostics.check(resolved.takeError());
  options.compile.target = std::move(*resolved);
  std::optional<OptLevel> parsed = parseOptLevel(level);
  if (!parsed) {
    diagnostics.error("there is no optimization level '" + level + "'");
    diagnostics.help("opt is one of 0, 1, 2, 3, s");
    return false;
  }
  options.compile.optLevel = *parsed;
  if (!name.empty() && makeIdentifier(name) != name) {
    diagnostics.error("the name '" + name + "' is not a C identifier");
    return false;
  }
  options.compile.name = name;
  options.compile.emit.clear();
  for (const std::string &kind : emit) {
    std::optional<EmitKind> known = parseEmitKind(kind);
    if (!known) {
      diagnostics.error("'" + kind + "' cannot be emitted");
      return false;
    }
    options.compile.emit.insert(*known);
  }
  options.compile.dynamic = dynamic;
  options.compile.rowStreaming = rowStreaming;
  options.compile.threads = threads;
  for (const auto &[custom, function] : custom) {
    if (makeIdentifier(function) != function) {
      diagnostics.error("the function '" + function + "' of the custom operator '" + custom +
                        "' is not a C identifier");
      return false;
    }
    options.customFunctions.push_back({custom, function});
  }
  for (const auto &[input, shape] : shapes) {
    ShapeOverride given{input, {}};
    for (int64_t size : shape)
      given.shape.push_back(size < 0 ? mlir::ShapedType::kDynamic : size);
    options.shapes.push_back(std::move(given));
  }
  return true;
}

static llvm::json::Array toJSON(llvm::ArrayRef<SignatureTensors> signatures) {
  llvm::json::Array list;
  for (const SignatureTensors &signature : signatures) {
    llvm::json::Array tensors;
    for (const ComputedTensor &tensor : signature.tensors)
      tensors.push_back(llvm::json::Array{tensor.subgraph, tensor.op, tensor.result,
                                          llvm::json::Array(tensor.shape)});
    list.push_back(llvm::json::Object{{"key", llvm::json::fixUTF8(signature.key)},
                                      {"tensors", std::move(tensors)}});
  }
  return list;
}

static std::optional<CompileAnswer> compileModel(llvm::StringRef contents, const std::string &path,
                                                 const CompileRequest &request,
                                                 Diagnostics &diagnostics) {
  SessionOptions options;
  options.path = path;
  diagnostics.setFile(path);
  if (!request.read(options, diagnostics))
    return std::nullopt;
  std::unique_ptr<ModelSession> session =
      ModelSession::create(contents.str(), options, diagnostics);
  if (!session)
    return std::nullopt;
  mlir::OwningOpRef<mlir::ModuleOp> module = session->import(options.compile.dynamic);
  if (!module)
    return std::nullopt;
  std::vector<OperatorCost> operators = getOperatorCosts(*module);
  std::vector<SignatureTensors> tensors = listComputedTensors(*module);
  if (request.expose)
    exposeComputedTensors(*module);
  CompileAnswer answer;
  if (session->compile(*module, answer.result) != exitDone)
    return std::nullopt;
  llvm::json::Object summary = makeSummary(session->getCompileOptions(), answer.result, operators);
  summary["tensors"] = toJSON(tensors);
  summary["arena"] = toJSON(getArenaMap(*module));
  answer.summary = toText(std::move(summary));
  llvm::raw_string_ostream stream(answer.text);
  printSummary(stream, session->getCompileOptions(), answer.result, operators);
  return answer;
}

/// Gives back what a compilation has taken, some 80 MB, which the allocator would keep for the next
/// one.
static void releaseMemory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

static nb::tuple compile(const nb::bytes &contents, const std::string &path,
                         const std::string &target, const std::string &triple,
                         const std::string &cpu, const std::string &features,
                         const std::string &level, const std::string &name,
                         std::vector<std::pair<std::string, std::vector<int64_t>>> shapes,
                         std::vector<std::string> emit,
                         std::vector<std::pair<std::string, std::string>> custom, bool dynamic,
                         bool rowStreaming, bool threads, bool expose) {
  Diagnostics diagnostics;
  CompileRequest request{target,
                         triple,
                         cpu,
                         features,
                         level,
                         name,
                         std::move(shapes),
                         std::move(emit),
                         std::move(custom),
                         dynamic,
                         rowStreaming,
                         threads,
                         expose};
  std::optional<CompileAnswer> compiled;
  {
    nb::gil_scoped_release release;
    compiled = compileModel(toStringRef(contents), path, request, diagnostics);
    releaseMemory();
  }
  std::optional<nb::object> result;
  if (compiled) {
    nb::dict files;
    for (const EmitInfo &info : getEmitKinds())
      if (auto file = compiled->result.files.find(info.kind); file != compiled->result.files.end())
        files[nb::str((info.prefix + compiled->result.name + info.extension).str().c_str())] =
            nb::bytes(file->second.data(), file->second.size());
    result = nb::make_tuple(files, compiled->summary, compiled->text);
  }
  return answer(std::move(result), diagnostics);
}

static nb::tuple inspect(const nb::bytes &contents, const std::string &path) {
  Diagnostics diagnostics;
  std::optional<std::string> text;
  {
    nb::gil_scoped_release release;
    SessionOptions options;
    options.path = path;
    std::unique_ptr<ModelSession> session =
        ModelSession::create(toStringRef(contents).str(), options, diagnostics);
    mlir::OwningOpRef<mlir::ModuleOp> module;
    if (session)
      module = session->import(/*dynamic=*/true, {}, /*allowUnsupported=*/true);
    if (module) {
      llvm::json::Array graphs;
      for (const Subgraph &graph : getSubgraphs(*module))
        graphs.push_back(tflc::toJSON(graph));
      ModelInfo info = getModelInfo(*module);
      text = toText(llvm::json::Object{{"name", info.name},
                                       {"bytes", session->getFileSize()},
                                       {"description", llvm::json::fixUTF8(info.description)},
                                       {"signatures", tflc::toJSON(info.signatures)},
                                       {"subgraphs", std::move(graphs)}});
    }
  }
  return answer(std::move(text), diagnostics);
}

void tflc::python::addCompile(nb::module_ &module) {
  module.def("describe", &describe, nb::arg("contents"), nb::arg("path"),
             "JSON with the tensors of a .tflite file in its own numbering (DescribeFile.h).");
  module.def("inspect", &inspect, nb::arg("contents"), nb::arg("path"),
             "JSON as `tflc inspect --json` gives it.");
  module.def("compile", &compile, nb::arg("contents"), nb::arg("path"), nb::kw_only(),
             nb::arg("target") = "", nb::arg("triple") = "", nb::arg("cpu") = "",
             nb::arg("features") = "", nb::arg("opt") = "2", nb::arg("name") = "",
             nb::arg("shapes") = std::vector<std::pair<std::string, std::vector<int64_t>>>(),
             nb::arg("emit") = std::vector<std::string>(),
             nb::arg("custom") = std::vector<std::pair<std::string, std::string>>(),
             nb::arg("dynamic") = false, nb::arg("row_streaming") = false,
             nb::arg("threads") = false, nb::arg("expose") = false,
             "The files of a compilation by their names, its summary as JSON, and as text.");
}
