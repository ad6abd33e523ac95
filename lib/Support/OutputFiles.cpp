//===- OutputFiles.cpp - writes all of some files or none -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Support/OutputFiles.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace tflc;
namespace fs = llvm::sys::fs;

static Error makeError(std::error_code code, StringRef verb, StringRef path) {
  return createStringError(code, "cannot %s '%s': %s", verb.str().c_str(), path.str().c_str(),
                           code.message().c_str());
}

/// Writes and closes; a full disk may show only when the file is closed.
static Error writeTo(int descriptor, StringRef contents, StringRef path) {
  raw_fd_ostream os(descriptor, /*shouldClose=*/true, /*unbuffered=*/true);
  os << contents;
  os.close();
  std::error_code code = os.error();
  os.clear_error();
  return code ? makeError(code, "write", path) : Error::success();
}

namespace {
/// A file under its temporary name, removed again unless kept.
class PendingFile {
public:
  explicit PendingFile(StringRef path) : path(path) {}
  PendingFile(PendingFile &&other)
      : path(std::move(other.path)), temporary(std::exchange(other.temporary, std::string())) {}
  ~PendingFile() {
    if (temporary.empty())
      return;
    fs::remove(temporary);
    sys::DontRemoveFileOnSignal(temporary);
  }

  Error write(StringRef contents, bool executable) {
    fs::file_status status;
    if (!fs::status(path, status)) {
      if (status.type() == fs::file_type::directory_file)
        return makeError(std::make_error_code(std::errc::is_a_directory), "write", path);
      // A device or pipe cannot be replaced.
      if (status.type() != fs::file_type::regular_file) {
        int descriptor;
        if (std::error_code code = fs::openFileForWrite(path, descriptor))
          return makeError(code, "write", path);
        return writeTo(descriptor, contents, path);
      }
    }
    int descriptor;
    SmallString<128> name;
    unsigned mode = executable ? 0777 : 0666;
    if (std::error_code code =
            fs::createUniqueFile(path + ".tmp%%%%%%", descriptor, name, fs::OF_None, mode))
      return makeError(code, "write", path);
    temporary = name.str().str();
    sys::RemoveFileOnSignal(temporary);
    return writeTo(descriptor, contents, path);
  }

  Error keep() {
    if (temporary.empty())
      return Error::success();
    if (std::error_code code = fs::rename(temporary, path))
      return makeError(code, "write", path);
    sys::DontRemoveFileOnSignal(temporary);
    temporary.clear();
    return Error::success();
  }

private:
  std::string path;
  std::string temporary;
};

/// The missing part of a folder's path, made here and removed again unless kept.
class PendingFolder {
public:
  ~PendingFolder() {
    for (const std::string &path : llvm::reverse(made))
      fs::remove(path); // leaves a folder that is not empty
  }

  Error make(StringRef path) {
    // The parent of a path that ends with a separator would be the same folder.
    while (path.size() > 1 && sys::path::is_separator(path.back()))
      path = path.drop_back();
    if (path.empty() || fs::is_directory(path))
      return Error::success();
    if (Error error = make(sys::path::parent_path(path)))
      return error;
    if (std::error_code code = fs::create_directory(path, /*IgnoreExisting=*/false))
      return makeError(code, "make the folder", path);
    made.push_back(path.str());
    return Error::success();
  }

  void keep() { made.clear(); }

private:
  std::vector<std::string> made;
};
} // namespace

std::string OutputFiles::getPath(const File &file) const {
  SmallString<128> path(folder);
  sys::path::append(path, file.name);
  return path.str().str();
}

std::vector<std::string> OutputFiles::getPaths() const {
  std::vector<std::string> paths;
  for (const File &file : files)
    paths.push_back(getPath(file));
  return paths;
}

Error OutputFiles::commit() {
  PendingFolder pendingFolder;
  if (Error error = pendingFolder.make(folder))
    return error;
  std::vector<PendingFile> pending; // goes before the folder does
  for (const File &file : files) {
    pending.emplace_back(getPath(file));
    if (Error error = pending.back().write(file.contents, file.executable))
      return error;
  }
  for (PendingFile &file : pending)
    if (Error error = file.keep())
      return error;
  pendingFolder.keep();
  return Error::success();
}

Error tflc::writeFile(StringRef path, StringRef contents) {
  PendingFile file(path);
  if (Error error = file.write(contents, /*executable=*/false))
    return error;
  return file.keep();
}

Expected<std::string> tflc::readFile(StringRef path) {
  if (fs::is_directory(path))
    return makeError(std::make_error_code(std::errc::is_a_directory), "read", path);
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer = MemoryBuffer::getFile(
      path, /*IsText=*/false, /*RequiresNullTerminator=*/false, /*IsVolatile=*/true);
  if (!buffer)
    return makeError(buffer.getError(), "read", path);
  return (*buffer)->getBuffer().str();
}
