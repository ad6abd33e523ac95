//===- Link.cpp - static and shared libraries -----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/CodeGen.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Triple.h"

#ifdef TFLC_LLD
#include "lld/Common/Driver.h"
#include <mutex>

LLD_HAS_DRIVER(elf)
#endif

using namespace llvm;
using namespace tflc;

Expected<std::string> tflc::makeArchive(StringRef memberName, StringRef object,
                                        const TargetInfo &target) {
  NewArchiveMember member(MemoryBufferRef(object, memberName));
  // No time, owner or mode of this machine: the same model gives the same bytes.
  object::Archive::Kind kind =
      Triple(target.triple).isOSDarwin() ? object::Archive::K_DARWIN : object::Archive::K_GNU;
  auto buffer = writeArchiveToBuffer(member, SymtabWritingMode::NormalSymtab, kind,
                                     /*Deterministic=*/true, /*Thin=*/false);
  if (!buffer)
    return buffer.takeError();
  return (*buffer)->getBuffer().str();
}

#ifdef TFLC_LLD
/// LLD has state of its own: one link at a time.
static bool linkInProcess(ArrayRef<const char *> arguments, std::string &messages) {
  static std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  raw_string_ostream stream(messages);
  return lld::lldMain(arguments, stream, stream, {{lld::Gnu, &lld::elf::link}}).retCode == 0;
}
#endif

/// lld serves every ELF target; the target's own compiler driver where lld is missing.
static Expected<std::string> findLinker(const TargetInfo &target, bool &isDriver) {
  isDriver = false;
#ifdef TFLC_LLD
  return "ld.lld";
#endif
  for (StringRef name : {"ld.lld-22", "ld.lld"})
    if (ErrorOr<std::string> path = sys::findProgramByName(name))
      return *path;
  isDriver = true;
  if (!target.linkCommand.empty())
    if (ErrorOr<std::string> path = sys::findProgramByName(target.linkCommand.front()))
      return *path;
  return createStringError("a shared library needs a linker: neither ld.lld nor the target's "
                           "compiler was found");
}

/// False where there was an error, with what the linker said.
static bool runLinker(ArrayRef<StringRef> arguments, StringRef messagesPath, std::string &reason) {
#ifdef TFLC_LLD
  SmallVector<std::string> copies = llvm::to_vector_of<std::string>(arguments);
  SmallVector<const char *> pointers;
  for (const std::string &copy : copies)
    pointers.push_back(copy.c_str());
  return linkInProcess(pointers, reason);
#else
  std::optional<StringRef> redirects[] = {StringRef(""), messagesPath, messagesPath};
  if (sys::ExecuteAndWait(arguments.front(), arguments, std::nullopt, redirects, 0, 0, &reason) ==
      0)
    return true;
  if (ErrorOr<std::unique_ptr<MemoryBuffer>> text = MemoryBuffer::getFile(messagesPath))
    reason = (*text)->getBuffer().trim().str();
  return false;
#endif
}

Expected<std::string> tflc::linkShared(StringRef name, StringRef object, const TargetInfo &target) {
  Triple triple(target.triple);
  if (!triple.isOSBinFormatELF() || target.isBareMetal())
    return createStringError(
        formatv("target '{0}' has no shared libraries that tflc can link", target.name));
  bool isDriver = false;
  Expected<std::string> linker = findLinker(target, isDriver);
  if (!linker)
    return linker.takeError();

  SmallString<128> objectPath, libraryPath, messagesPath;
  scope_exit cleanUp([&] {
    for (StringRef path : {objectPath.str(), libraryPath.str(), messagesPath.str()})
      if (!path.empty())
        sys::fs::remove(path);
  });
  for (auto [suffix, path] : {std::pair{"o", &objectPath}, std::pair{"so", &libraryPath},
                              std::pair{"txt", &messagesPath}})
    if (std::error_code error = sys::fs::createTemporaryFile("tflc", suffix, *path))
      return createStringError(error, "cannot create a temporary file");
  {
    std::error_code error;
    raw_fd_ostream stream(objectPath, error);
    if (!error) {
      stream << object;
      stream.close();
      error = stream.error();
      stream.clear_error();
    }
    if (error)
      return createStringError(error, "cannot write a temporary file");
  }

  std::string soname = (isDriver ? "-Wl,-soname,lib" : "-soname=lib") + name.str() + ".so";
  SmallVector<StringRef> arguments = {*linker, "-shared", soname};
  if (isDriver)
    arguments.append({"-nostdlib", "-Wl,--build-id=none"});
  else
    arguments.append({"--build-id=none", "-z", "noexecstack"});
  arguments.append({"-o", libraryPath, objectPath});
  std::string reason;
  if (!runLinker(arguments, messagesPath, reason))
    return createStringError("linking the shared library failed: " + reason);
  ErrorOr<std::unique_ptr<MemoryBuffer>> library = MemoryBuffer::getFile(libraryPath);
  if (!library)
    return createStringError(library.getError(), "cannot read the linked library");
  return (*library)->getBuffer().str();
}
