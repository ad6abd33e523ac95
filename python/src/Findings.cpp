//===- Findings.cpp - what was reported, for Python -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Findings.h"

#include "llvm/Support/JSON.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;

/// Names in a hostile file need not be UTF-8.
static std::string toText(llvm::StringRef text) { return llvm::json::fixUTF8(text); }

nb::list tflc::python::toList(llvm::ArrayRef<Finding> findings) {
  nb::list list;
  for (const Finding &finding : findings) {
    nb::dict entry;
    nb::list notes;
    for (const std::string &note : finding.notes)
      notes.append(toText(note));
    entry["severity"] = finding.severity == Severity::Error ? "error" : "warning";
    entry["where"] = toText(finding.where);
    entry["operator"] = toText(finding.operatorName);
    entry["tensor"] = toText(finding.tensor);
    entry["index"] = finding.index;
    entry["subgraph"] = finding.subgraph;
    entry["text"] = toText(finding.text);
    entry["notes"] = notes;
    entry["remedy"] = toText(finding.remedy);
    list.append(entry);
  }
  return list;
}
