//===- ModelLocation.cpp - where in a model file an op comes from ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Support/ModelLocation.h"

#include "tflc/Support/TextPosition.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace tflc {

static constexpr llvm::StringLiteral tensorWord = "tensor";

Location makeOpLocation(MLIRContext *context, StringRef file, unsigned subgraph, unsigned index,
                        StringRef operatorName, StringRef firstOutputName) {
  Location place = FileLineColLoc::get(context, file, index, subgraph);
  Location kind = NameLoc::get(StringAttr::get(context, operatorName), place);
  return NameLoc::get(StringAttr::get(context, firstOutputName), kind);
}

Location makeTensorLocation(MLIRContext *context, StringRef file, unsigned subgraph, unsigned index,
                            StringRef name) {
  return makeOpLocation(context, file, subgraph, index, tensorWord, name);
}

Location makeFileLocation(MLIRContext *context, StringRef file) {
  return FileLineColLoc::get(context, file, 0, 0);
}

/// Matches the two nested names that `makeOpLocation` builds.
static std::optional<OpLocation> matchOpLocation(NameLoc outer) {
  auto inner = dyn_cast<NameLoc>(outer.getChildLoc());
  if (!inner)
    return std::nullopt;
  auto place = dyn_cast<FileLineColRange>(inner.getChildLoc());
  if (!place)
    return std::nullopt;
  OpLocation result;
  result.file = place.getFilename().getValue();
  result.operatorName = inner.getName().getValue();
  result.tensorName = outer.getName().getValue();
  result.index = place.getStartLine();
  result.subgraph = place.getStartColumn();
  return result;
}

std::optional<OpLocation> getOpLocation(Location location) {
  return llvm::TypeSwitch<LocationAttr, std::optional<OpLocation>>(location)
      .Case([](NameLoc name) -> std::optional<OpLocation> {
        if (std::optional<OpLocation> found = matchOpLocation(name))
          return found;
        return getOpLocation(name.getChildLoc());
      })
      .Case([](FusedLoc fused) -> std::optional<OpLocation> {
        for (Location part : fused.getLocations())
          if (std::optional<OpLocation> found = getOpLocation(part))
            return found;
        return std::nullopt;
      })
      .Case([](CallSiteLoc call) -> std::optional<OpLocation> {
        if (std::optional<OpLocation> found = getOpLocation(call.getCallee()))
          return found;
        return getOpLocation(call.getCaller());
      })
      .Case([](OpaqueLoc opaque) { return getOpLocation(opaque.getFallbackLocation()); })
      .Default([](LocationAttr) -> std::optional<OpLocation> { return std::nullopt; });
}

void forEachOpLocation(Location location, llvm::function_ref<void(const OpLocation &)> callback) {
  location->walk([&](Location part) {
    if (auto name = dyn_cast<NameLoc>(part))
      if (std::optional<OpLocation> found = matchOpLocation(name))
        callback(*found);
    return WalkResult::advance();
  });
}

std::string describeLocation(Location location) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (std::optional<OpLocation> op = getOpLocation(location)) {
    os << op->file << ": ";
    if (op->subgraph != 0)
      os << "subgraph " << op->subgraph << ' ';
    if (op->isTensor())
      os << "tensor " << op->index;
    else
      os << "op " << op->index << ' ' << op->operatorName;
    if (!op->tensorName.empty()) {
      // Names come from the file: control characters must not reach the terminal.
      os << " \"";
      llvm::printEscapedString(op->tensorName, os);
      os << '"';
    }
    printTextPosition(location, os);
    return text;
  }
  if (auto place = location->findInstanceOf<FileLineColRange>()) {
    os << place.getFilename().getValue();
    if (place.getStartLine() != 0)
      os << ':' << place.getStartLine() << ':' << place.getStartColumn();
  }
  return text;
}

} // namespace tflc
