//===- ObjectFile.cpp - what an object holds and needs --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/CodeGen.h"

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

Error tflc::checkObject(const ObjectSummary &summary) {
  if (summary.dataBytes != 0)
    return createStringError(
        formatv("the object has {0} bytes of writable data", summary.dataBytes));
  if (summary.undefinedSymbols.empty())
    return Error::success();
  std::string list = join(summary.undefinedSymbols, ", ");
  return createStringError(formatv("the object would need symbols of a library: {0}", list));
}
