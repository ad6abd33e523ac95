//===- Options.h - the command line of a subcommand -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TOOLS_OPTIONS_H
#define TFLC_TOOLS_OPTIONS_H

#include "tflc/Compiler/Outcome.h"
#include "tflc/Support/Diagnostics.h"

#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"

#include <optional>

namespace tflc {

/// What --help says besides the options.
struct HelpPage {
  llvm::StringRef command;  // "tflc run"
  llvm::StringRef usage;    // what follows it: "MODEL [options]"
  llvm::StringRef summary;  // one or two lines
  llvm::StringRef examples; // lines to try
};

/// A parsed command line. Options are asked for by their spelling, so that code which several
/// subcommands share need not know whose table it reads.
class Arguments {
public:
  Arguments(llvm::opt::InputArgList list) : list(std::move(list)) {}

  /// Whether `--name` is given.
  bool has(llvm::StringRef name) const { return find(name) != nullptr; }
  /// The value of the last `--name=VALUE` or `-nameVALUE`; none if it is not given.
  std::optional<llvm::StringRef> get(llvm::StringRef name) const;
  std::vector<llvm::StringRef> getAll(llvm::StringRef name) const;
  /// Whatever is no option.
  std::vector<llvm::StringRef> getInputs() const;
  /// Reports inputs of a subcommand that takes none.
  bool expectNoInputs(const HelpPage &page, Diagnostics &diagnostics) const;

private:
  const llvm::opt::Arg *find(llvm::StringRef name) const;

  llvm::opt::InputArgList list;
};

/// Parses `args` by `table`. Without a value the program is to end with `status`: help was asked
/// for and printed, or the command line was wrong and that was reported.
std::optional<Arguments> parseArguments(const llvm::opt::OptTable &table,
                                        llvm::ArrayRef<const char *> args, const HelpPage &page,
                                        Diagnostics &diagnostics, int &status);

/// Prints the one-screen help.
void printHelp(llvm::raw_ostream &os, const llvm::opt::OptTable &table, const HelpPage &page);

} // namespace tflc

#endif // TFLC_TOOLS_OPTIONS_H
