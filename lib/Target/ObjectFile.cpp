//===- ObjectFile.cpp - what an object holds and needs --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Target/CodeGen.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include <set>

using namespace llvm;
using namespace tflc;

/// Of ELF sections only those that are loaded count; unwind tables are never there.
static bool isLoaded(const object::SectionRef &section) {
  if (isa<object::ELFObjectFileBase>(section.getObject()))
    return object::ELFSectionRef(section).getFlags() & ELF::SHF_ALLOC;
  return true;
}

static bool isWritable(const object::SectionRef &section) {
  if (isa<object::ELFObjectFileBase>(section.getObject())) {
    // Relocated once by the loader and then protected.
    Expected<StringRef> name = section.getName();
    if (!name)
      consumeError(name.takeError());
    else if (name->starts_with(".data.rel.ro"))
      return false;
    return object::ELFSectionRef(section).getFlags() & ELF::SHF_WRITE;
  }
  return section.isBSS();
}

Expected<ObjectSummary> tflc::summarizeObject(StringRef bytes) {
  auto object = object::ObjectFile::createObjectFile(MemoryBufferRef(bytes, "model.o"));
  if (!object)
    return object.takeError();
  ObjectSummary summary;
  for (const object::SectionRef &section : (*object)->sections()) {
    if (!isLoaded(section))
      continue;
    int64_t size = static_cast<int64_t>(section.getSize());
    if (section.isText())
      summary.codeBytes += size;
    else if (isWritable(section))
      summary.dataBytes += size;
    else
      summary.constantBytes += size;
  }
  std::set<std::string> undefined;
  for (const object::SymbolRef &symbol : (*object)->symbols()) {
    Expected<uint32_t> flags = symbol.getFlags();
    if (!flags)
      return flags.takeError();
    if (!(*flags & object::SymbolRef::SF_Undefined) ||
        (*flags & object::SymbolRef::SF_FormatSpecific))
      continue;
    Expected<StringRef> name = symbol.getName();
    if (!name)
      return name.takeError();
    StringRef plain = *name;
    if ((*object)->isMachO())
      plain.consume_front("_");
    if (!plain.empty() && plain != "memcpy" && plain != "memmove" && plain != "memset")
      undefined.insert(plain.str());
  }
  summary.undefinedSymbols.assign(undefined.begin(), undefined.end());
  return summary;
}

/// Names of the run-time library for floating point, in the forms of GCC and of the ARM EABI.
static bool isSoftFloat(StringRef symbol) {
  if (symbol.consume_front("__aeabi_"))
    return symbol.starts_with("f") || symbol.starts_with("d") || symbol.ends_with("2f") ||
           symbol.ends_with("2d") || symbol.starts_with("cf") || symbol.starts_with("cd") ||
           symbol.starts_with("h2f");
  return symbol.starts_with("__") &&
         (symbol.contains("sf") || symbol.contains("df") || symbol.contains("hf"));
}

Error tflc::checkObject(const ObjectSummary &summary, const TargetInfo &target) {
  if (summary.dataBytes != 0)
    return createStringError(
        formatv("the object has {0} bytes of writable data", summary.dataBytes));
  if (summary.undefinedSymbols.empty())
    return Error::success();
  std::string list = join(summary.undefinedSymbols, ", ");
  bool onlyFloats = llvm::all_of(summary.undefinedSymbols,
                                 [](const std::string &symbol) { return isSoftFloat(symbol); });
  if (onlyFloats && target.floatUnit != FloatUnit::Double) {
    StringRef lacks =
        target.floatUnit == FloatUnit::None ? "no floating point" : "no double precision";
    return createStringError(
        formatv("the model computes with floats, but target '{0}' has {1} unit: it would need {2}",
                target.name, lacks, list));
  }
  return createStringError(formatv("the object would need symbols of a library: {0}", list));
}
