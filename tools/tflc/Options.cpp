//===- Options.cpp - the command line of a subcommand ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Options.h"

#include "llvm/Option/Option.h"

#include <map>

using namespace llvm;
using namespace tflc;

const opt::Arg *Arguments::find(StringRef name) const {
  const opt::Arg *found = nullptr;
  for (const opt::Arg *arg : list)
    if (arg->getOption().getUnaliasedOption().getName().rtrim('=') == name)
      found = arg;
  return found;
}

std::optional<StringRef> Arguments::get(StringRef name) const {
  const opt::Arg *arg = find(name);
  if (!arg)
    return std::nullopt;
  return arg->getNumValues() ? StringRef(arg->getValue()) : StringRef();
}

std::vector<StringRef> Arguments::getAll(StringRef name) const {
  std::vector<StringRef> values;
  for (const opt::Arg *arg : list)
    if (arg->getOption().getUnaliasedOption().getName().rtrim('=') == name)
      values.push_back(arg->getValue());
  return values;
}

std::vector<StringRef> Arguments::getInputs() const {
  std::vector<StringRef> values;
  for (const opt::Arg *arg : list)
    if (arg->getOption().getKind() == opt::Option::InputClass)
      values.push_back(arg->getValue());
  return values;
}

bool Arguments::expectNoInputs(const HelpPage &page, Diagnostics &diagnostics) const {
  std::vector<StringRef> inputs = getInputs();
  if (inputs.empty())
    return true;
  diagnostics.error("'" + page.command + "' takes no file, but '" + inputs.front() + "' is given");
  return false;
}

/// "-o FOLDER", "--shape=NAME:DIMS", "-h".
static std::string getSpelling(const opt::OptTable &table, unsigned id) {
  std::string text = table.getOptionPrefixedName(id).str();
  const char *value = table.getOptionMetaVar(id);
  if (!value)
    return text;
  if (table.getOptionKind(id) == opt::Option::JoinedOrSeparateClass)
    text += ' ';
  return text + value;
}

void tflc::printHelp(raw_ostream &os, const opt::OptTable &table, const HelpPage &page) {
  os << "Usage: " << page.command << " " << page.usage << "\n\n" << page.summary << "\n";
  constexpr unsigned column = 24;
  // Groups stand in the order of their names, options without a group last.
  std::map<std::pair<StringRef, unsigned>, std::vector<unsigned>> groups;
  for (unsigned id = 1; id <= table.getNumOptions(); ++id) {
    unsigned kind = table.getOptionKind(id);
    if (kind == opt::Option::GroupClass || !table.getOptionHelpText(id) ||
        table.getOption(id).hasFlag(opt::HelpHidden))
      continue;
    unsigned group = table.getOptionGroupID(id);
    groups[{group ? table.getOptionName(group) : "~", group}].push_back(id);
  }
  for (auto &[key, ids] : groups) {
    unsigned group = key.second;
    os << "\n" << (group ? table.getOptionHelpText(group) : "Other") << ":\n";
    for (unsigned id : ids) {
      std::string spelling = getSpelling(table, id);
      os << "  " << spelling;
      os.indent(spelling.size() + 2 < column ? column - spelling.size() - 2 : 1);
      os << table.getOptionHelpText(id) << "\n";
    }
  }
  if (!page.examples.empty())
    os << "\nExamples:\n" << page.examples;
}

std::optional<Arguments> tflc::parseArguments(const opt::OptTable &table,
                                              ArrayRef<const char *> args, const HelpPage &page,
                                              Diagnostics &diagnostics, int &status) {
  unsigned missingIndex = 0, missingCount = 0;
  opt::InputArgList list = table.ParseArgs(args, missingIndex, missingCount);
  status = exitFault;
  if (missingCount) {
    diagnostics.error("the option '" + Twine(args[missingIndex]) + "' needs a value");
    return std::nullopt;
  }
  bool wrong = false;
  for (const opt::Arg *arg : list) {
    if (arg->getOption().getName() == "h") {
      printHelp(outs(), table, page);
      status = exitDone;
      return std::nullopt;
    }
    if (arg->getOption().getKind() != opt::Option::UnknownClass)
      continue;
    wrong = true;
    std::string text = arg->getAsString(list), nearest;
    diagnostics.error("there is no option '" + text + "'");
    if (table.findNearest(text, nearest) <= 2)
      diagnostics.help("did you mean '" + nearest + "'?");
    else
      diagnostics.help("'" + page.command + " --help' lists the options");
  }
  if (wrong)
    return std::nullopt;
  status = exitDone;
  return Arguments(std::move(list));
}
