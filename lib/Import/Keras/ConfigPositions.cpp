//===- ConfigPositions.cpp - where layers stand in a text -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ConfigPositions.h"

using namespace llvm;
using namespace tflc::keras;

/// Goes through a text that is known to be valid, and through what it was parsed to, side by side.
/// The nesting of a configuration is limited, so that recursion is.
class ConfigPositions::Scanner {
public:
  Scanner(StringRef text, DenseMap<const json::Object *, Position> &positions)
      : text(text), positions(positions) {}

  /// `value` is null in parts that were not kept, such as the first of two equal keys.
  void scan(const json::Value *value) {
    skipSpace();
    if (peek() == '{')
      scanObject(value ? value->getAsObject() : nullptr);
    else if (peek() == '[')
      scanArray(value ? value->getAsArray() : nullptr);
    else if (peek() == '"')
      takeString();
    else
      place = std::min(text.find_first_of(",]} \t\r\n", place), text.size());
  }

private:
  char peek() const { return place < text.size() ? text[place] : '\0'; }

  void skipSpace() {
    for (; place < text.size() && isSpace(text[place]); ++place)
      if (text[place] == '\n') {
        ++line;
        lineStart = place + 1;
      }
  }

  /// What stands between quotes. Keys with escapes are none of ours.
  StringRef takeString() {
    size_t start = ++place;
    while (place < text.size() && text[place] != '"')
      place += text[place] == '\\' ? 2 : 1;
    StringRef content = text.slice(start, place);
    ++place;
    return content;
  }

  /// Steps over a comma, or leaves at the end.
  bool hasNext(char end) {
    skipSpace();
    if (peek() == ',') {
      ++place;
      skipSpace();
    }
    if (peek() != end && peek() != '\0')
      return true;
    ++place;
    return false;
  }

  void scanObject(const json::Object *object) {
    if (object)
      positions.try_emplace(object, line, unsigned(place - lineStart + 1));
    ++place;
    while (hasNext('}')) {
      StringRef key = takeString();
      skipSpace();
      ++place; // the colon
      scan(object ? object->get(key) : nullptr);
    }
  }

  void scanArray(const json::Array *array) {
    ++place;
    for (size_t i = 0; hasNext(']'); ++i)
      scan(array && i < array->size() ? &(*array)[i] : nullptr);
  }

  StringRef text;
  size_t place = 0, lineStart = 0;
  unsigned line = 1;
  DenseMap<const json::Object *, Position> &positions;
};

ConfigPositions::ConfigPositions(StringRef text, const json::Value &root, StringRef source)
    : source(source) {
  Scanner(text, positions).scan(&root);
}

std::optional<ConfigPositions::Position> ConfigPositions::find(const json::Object &object) const {
  auto found = positions.find(&object);
  return found == positions.end() ? std::nullopt : std::optional(found->second);
}
