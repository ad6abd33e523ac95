//===- OutputFiles.h - writes all of some files or none ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_SUPPORT_OUTPUTFILES_H
#define TFLC_SUPPORT_OUTPUTFILES_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace tflc {

/// Files that appear together: each is written under a temporary name, and only when all are
/// complete do they get their own. After an error nothing is left behind, not even the folder.
class OutputFiles {
public:
  /// Files go to `folder`, which is made where it is missing; empty for the current one.
  explicit OutputFiles(llvm::StringRef folder) : folder(folder) {}

  /// Adds a file, with the mode of a program if `executable`.
  void add(llvm::StringRef name, std::string contents, bool executable = false) {
    files.push_back({name.str(), std::move(contents), executable});
  }

  /// The paths of the files added so far.
  std::vector<std::string> getPaths() const;

  /// Writes everything.
  llvm::Error commit();

private:
  struct File {
    std::string name;
    std::string contents;
    bool executable;
  };
  std::string getPath(const File &file) const;

  std::string folder;
  std::vector<File> files;
};

/// Writes one file the same way. A path that is no regular file, such as /dev/stdout, is written to
/// directly.
llvm::Error writeFile(llvm::StringRef path, llvm::StringRef contents);

/// Reads a file of any content; the error names the path and says why.
llvm::Expected<std::string> readFile(llvm::StringRef path);

} // namespace tflc

#endif // TFLC_SUPPORT_OUTPUTFILES_H
