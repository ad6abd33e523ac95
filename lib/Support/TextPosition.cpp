//===- TextPosition.cpp - where a text describes an op --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Support/TextPosition.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

/// Tells these locations from other fused ones.
static constexpr llvm::StringLiteral textMark = "text";

Location tflc::addTextPosition(Location location, StringRef text, unsigned line, unsigned column) {
  MLIRContext *context = location.getContext();
  return FusedLoc::get(context, {location, FileLineColLoc::get(context, text, line, column)},
                       StringAttr::get(context, textMark));
}

void tflc::printTextPosition(Location location, llvm::raw_ostream &os) {
  location->walk([&](Location part) {
    auto fused = dyn_cast<FusedLoc>(part);
    auto mark = fused ? dyn_cast_or_null<StringAttr>(fused.getMetadata()) : StringAttr();
    if (!mark || mark.getValue() != textMark || fused.getLocations().size() != 2)
      return WalkResult::advance();
    if (auto place = dyn_cast<FileLineColRange>(fused.getLocations()[1]))
      os << " (" << place.getFilename().getValue() << ':' << place.getStartLine() << ':'
         << place.getStartColumn() << ')';
    return WalkResult::interrupt();
  });
}
