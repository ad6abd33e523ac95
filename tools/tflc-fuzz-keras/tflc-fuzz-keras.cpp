//===- tflc-fuzz-keras.cpp - damaged Keras files --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// docs/Testing.md says how to build and run it.
//
// The input is a .keras or .h5 file, whichever it begins like. Anything else is the config.json of
// a .keras file, whose weights are those in the HDF5 file that TFLC_FUZZ_WEIGHTS names: damage to a
// zip is found by its checksums, so that it tells nothing about what is behind them.
//
//===----------------------------------------------------------------------===//

#include "fuzz/ConvertSource.h"

#include "tflc/Support/OutputFiles.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CRC.h"
#include "llvm/Support/Endian.h"

#include <cstdlib>

using namespace tflc;

namespace {

/// A zip archive of files that are not compressed.
class ZipWriter {
public:
  void add(llvm::StringRef name, llvm::StringRef contents) {
    uint32_t place = bytes.size();
    std::string facts;
    put16(facts, 20); // version that can read it
    put16(facts, 0);  // flags
    put16(facts, 0);  // method: stored
    put32(facts, 0);  // time
    put32(facts, llvm::crc32(llvm::arrayRefFromStringRef(contents)));
    put32(facts, contents.size());
    put32(facts, contents.size());
    put16(facts, name.size());
    put16(facts, 0); // extra fields
    bytes += "PK\x03\x04" + facts + name.str() + contents.str();
    directory += "PK\x01\x02";
    put16(directory, 20);
    directory += facts;
    put16(directory, 0); // comment
    put16(directory, 0); // disk
    put16(directory, 0); // attributes
    put32(directory, 0);
    put32(directory, place);
    directory += name;
    ++count;
  }

  std::string finish() {
    uint32_t place = bytes.size();
    std::string end = "PK\x05\x06";
    put32(end, 0); // disks
    put16(end, count);
    put16(end, count);
    put32(end, directory.size());
    put32(end, place);
    put16(end, 0); // comment
    return bytes + directory + end;
  }

private:
  static void put16(std::string &text, uint16_t value) {
    char raw[2];
    llvm::support::endian::write16le(raw, value);
    text.append(raw, sizeof(raw));
  }
  static void put32(std::string &text, uint32_t value) {
    char raw[4];
    llvm::support::endian::write32le(raw, value);
    text.append(raw, sizeof(raw));
  }

  std::string bytes, directory;
  uint16_t count = 0;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Source source;
  source.path = "fuzz";
  source.contents.assign(reinterpret_cast<const char *>(data), size);
  if (!getKerasFrontEnd().recognizes(source) && !getKerasHDF5FrontEnd().recognizes(source)) {
    const char *weights = std::getenv("TFLC_FUZZ_WEIGHTS");
    if (!weights)
      return 0;
    static const std::string contents = llvm::cantFail(readFile(weights));
    ZipWriter zip;
    zip.add("config.json", source.contents);
    zip.add("model.weights.h5", contents);
    source.contents = zip.finish();
  }
  convertSilently(findFrontEnd(source), source);
  return 0;
}
