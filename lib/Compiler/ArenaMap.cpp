//===- ArenaMap.cpp - what lies where in the arena, and when --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Compiler/ArenaMap.h"

#include "tflc/Support/Diagnostics.h"
#include "tflc/Support/ModelInfo.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace llvm;
using namespace tflc;

static int64_t getInteger(mlir::Attribute attr) {
  auto integer = dyn_cast_if_present<mlir::IntegerAttr>(attr);
  return integer ? integer.getInt() : 0;
}

ArenaMap tflc::getArenaMap(mlir::ModuleOp module) {
  ArenaMap map;
  map.size = getInteger(module->getAttr("tflc.arena_size"));
  map.lowerBound = getInteger(module->getAttr("tflc.arena_lower_bound"));
  auto entries = module->getAttrOfType<mlir::ArrayAttr>("tflc.arena_map");
  if (!entries)
    return map;
  for (auto entry : entries.getAsRange<mlir::DictionaryAttr>()) {
    ArenaBuffer buffer;
    if (auto name = entry.getAs<mlir::StringAttr>("name"))
      buffer.name = name.str();
    buffer.offset = getInteger(entry.get("offset"));
    buffer.size = getInteger(entry.get("size"));
    buffer.first = getInteger(entry.get("first"));
    buffer.last = getInteger(entry.get("last"));
    buffer.rows = getInteger(entry.get("rows"));
    buffer.rowsOf = getInteger(entry.get("rows_of"));
    map.buffers.push_back(std::move(buffer));
  }
  llvm::stable_sort(map.buffers, [](const ArenaBuffer &a, const ArenaBuffer &b) {
    return std::tie(a.first, a.offset) < std::tie(b.first, b.offset);
  });
  return map;
}

/// The last of the names that the converter has joined, at most 44 characters of its end.
static std::string getShortName(StringRef name) {
  name = name.rsplit(';').second.empty() ? name : name.rsplit(';').second;
  return makePrintable(name.take_back(44));
}

void tflc::printArenaMap(raw_ostream &os, const ArenaMap &map) {
  os << "Arena: " << formatCount(map.size) << " bytes, " << map.buffers.size()
     << " buffers, lower bound " << formatCount(map.lowerBound) << " bytes";
  if (map.lowerBound > 0)
    os << format(" (%.1f %% above it)", 100.0 * (map.size - map.lowerBound) / map.lowerBound);
  os << "\n";
  if (map.buffers.empty())
    return;
  int64_t steps = 1;
  for (const ArenaBuffer &buffer : map.buffers)
    steps = std::max(steps, buffer.last + 1);
  // One character for one step, or for several where there are many.
  constexpr int64_t width = 64;
  int64_t scale = (steps + width - 1) / width;
  int64_t columns = (steps + scale - 1) / scale;
  std::string heading = "steps 0 to " + std::to_string(steps - 1);
  size_t lineWidth = std::max<size_t>(columns, heading.size());
  auto draw = [&](std::string &line, const ArenaBuffer &buffer, char mark) {
    for (int64_t column = buffer.first / scale; column <= buffer.last / scale; ++column)
      line[column] = mark;
  };
  os << "    offset      bytes  " << left_justify(heading, lineWidth) << "  buffer\n";

  // Buffers that are too small to matter share a line.
  int64_t small = map.size / 200;
  unsigned smallBuffers = 0;
  std::string peak(lineWidth, ' '), smallLine(columns, '.');
  smallLine.resize(lineWidth, ' ');
  for (const ArenaBuffer &buffer : map.buffers) {
    if (buffer.offset + buffer.size == map.size)
      draw(peak, buffer, '^');
    if (buffer.size < small) {
      draw(smallLine, buffer, '#');
      ++smallBuffers;
      continue;
    }
    std::string line(columns, '.');
    line.resize(lineWidth, ' ');
    draw(line, buffer, '#');
    os << right_justify(formatCount(buffer.offset), 10)
       << right_justify(formatCount(buffer.size), 11) << "  " << line << "  "
       << getShortName(buffer.name);
    if (buffer.rowsOf > 0)
      os << " (" << buffer.rows << " of " << buffer.rowsOf << " rows)";
    os << "\n";
  }
  if (smallBuffers > 0)
    os << left_justify("", 10) << right_justify("< " + formatCount(small), 11) << "  " << smallLine
       << "  " << smallBuffers << " small buffers\n";
  os << left_justify("", 23) << peak << "  the end of the arena is in use\n";
}

json::Object tflc::toJSON(const ArenaMap &map) {
  json::Array buffers;
  for (const ArenaBuffer &buffer : map.buffers) {
    json::Object object{{"name", json::fixUTF8(buffer.name)},
                        {"offset", buffer.offset},
                        {"size", buffer.size},
                        {"first", buffer.first},
                        {"last", buffer.last}};
    if (buffer.rowsOf > 0) {
      object["rows"] = buffer.rows;
      object["rows_of"] = buffer.rowsOf;
    }
    buffers.push_back(std::move(object));
  }
  return json::Object{
      {"size", map.size}, {"lower_bound", map.lowerBound}, {"buffers", std::move(buffers)}};
}
