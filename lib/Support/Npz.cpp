//===- Npz.cpp - named arrays in a zip file -------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Support/Npz.h"

#include "tflc/Support/OutputFiles.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/Twine.h"

#include <zip.h>

using namespace llvm;
using namespace tflc;

/// Deflate cannot do better; a larger claim is a lie.
static constexpr uint64_t maxDeflateRatio = 1032;

namespace {
struct ZipDiscard {
  void operator()(zip_t *archive) const { zip_discard(archive); }
};
struct ZipClose {
  void operator()(zip_file_t *file) const { zip_fclose(file); }
};
struct SourceFree {
  void operator()(zip_source_t *source) const { zip_source_free(source); }
};
using Archive = std::unique_ptr<zip_t, ZipDiscard>;
using Source = std::unique_ptr<zip_source_t, SourceFree>;
} // namespace

static Error fail(StringRef path, const Twine &reason) {
  return createStringError("cannot read '" + path + "': " + reason);
}

static std::string takeMessage(zip_error_t &error) {
  std::string message = zip_error_strerror(&error);
  zip_error_fini(&error);
  return message;
}

static Expected<std::string> readEntry(zip_t *archive, uint64_t index, StringRef path,
                                       size_t fileSize) {
  zip_stat_t stat;
  if (zip_stat_index(archive, index, 0, &stat) || !(stat.valid & ZIP_STAT_SIZE) ||
      !(stat.valid & ZIP_STAT_NAME))
    return fail(path, "the zip file is malformed");
  StringRef name = stat.name;
  if (stat.size / maxDeflateRatio > fileSize)
    return fail(path, "'" + name + "' claims an impossible size");
  std::unique_ptr<zip_file_t, ZipClose> file(zip_fopen_index(archive, index, 0));
  if (!file)
    return fail(path, "'" + name + "': " + zip_strerror(archive));
  std::string contents(stat.size, '\0');
  zip_int64_t count = zip_fread(file.get(), contents.data(), contents.size());
  // Reading to the end checks the sum as well.
  char extra;
  if (count < 0 || uint64_t(count) != stat.size || zip_fread(file.get(), &extra, 1) != 0)
    return fail(path, "'" + name + "' is damaged");
  return contents;
}

Expected<std::vector<Array>> tflc::readArrays(StringRef path) {
  Expected<std::string> contents = readFile(path);
  if (!contents)
    return contents.takeError();

  std::vector<Array> arrays;
  if (StringRef(*contents).starts_with("\x93NUMPY")) {
    Expected<Array> array = decodeNpy(*contents, path);
    if (!array)
      return array.takeError();
    array->name = "0";
    arrays.push_back(std::move(*array));
    return arrays;
  }
  if (!StringRef(*contents).starts_with("PK"))
    return fail(path, "not an .npz or .npy file");

  zip_error_t error;
  zip_error_init(&error);
  Source source(zip_source_buffer_create(contents->data(), contents->size(), 0, &error));
  if (!source)
    return fail(path, takeMessage(error));
  Archive archive(zip_open_from_source(source.get(), ZIP_RDONLY | ZIP_CHECKCONS, &error));
  if (!archive)
    return fail(path, takeMessage(error));
  (void)source.release(); // the archive owns it now
  StringSet<> names;
  for (zip_int64_t i = 0, e = zip_get_num_entries(archive.get(), 0); i < e; ++i) {
    Expected<std::string> entry = readEntry(archive.get(), i, path, contents->size());
    if (!entry)
      return entry.takeError();
    StringRef name = zip_get_name(archive.get(), i, 0);
    std::string what = (path + ": array '" + name + "'").str();
    Expected<Array> array = decodeNpy(*entry, what);
    if (!array)
      return array.takeError();
    (void)name.consume_back(".npy");
    array->name = name.str();
    if (!names.insert(name).second)
      return fail(path, "two arrays have the name '" + name + "'");
    arrays.push_back(std::move(*array));
  }
  return arrays;
}

Expected<std::string> tflc::encodeNpz(ArrayRef<Array> arrays) {
  // libzip writes no file at all for an archive without entries.
  if (arrays.empty())
    return std::string("PK\5\6") + std::string(18, '\0');

  auto failed = [](StringRef reason) {
    return createStringError("cannot make the .npz file: %s", reason.str().c_str());
  };
  zip_error_t error;
  zip_error_init(&error);
  Source source(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!source)
    return failed(takeMessage(error));
  Archive archive(zip_open_from_source(source.get(), ZIP_TRUNCATE, &error));
  if (!archive)
    return failed(takeMessage(error));
  zip_source_keep(source.get()); // the archive has one of two references now

  // The archive reads the entries when it is closed.
  std::vector<std::string> entries;
  entries.reserve(arrays.size());
  for (const Array &array : arrays) {
    entries.push_back(encodeNpy(array));
    const std::string &entry = entries.back();
    Source data(zip_source_buffer(archive.get(), entry.data(), entry.size(), 0));
    std::string name = array.name + ".npy";
    zip_int64_t index =
        data ? zip_file_add(archive.get(), name.c_str(), data.get(), ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0)
      return failed(zip_strerror(archive.get()));
    (void)data.release();
    // No compression and the first date that zip knows, so that equal arrays give equal bytes.
    zip_set_file_compression(archive.get(), index, ZIP_CM_STORE, 0);
    zip_file_set_dostime(archive.get(), index, 0, (1 << 5) | 1, 0);
  }
  if (zip_close(archive.get()))
    return failed(zip_strerror(archive.get()));
  (void)archive.release();

  zip_stat_t stat;
  if (zip_source_stat(source.get(), &stat) || zip_source_open(source.get()))
    return failed(zip_error_strerror(zip_source_error(source.get())));
  std::string contents(stat.size, '\0');
  zip_int64_t count = zip_source_read(source.get(), contents.data(), contents.size());
  zip_source_close(source.get());
  if (count < 0 || uint64_t(count) != stat.size)
    return failed("the archive cannot be read back");
  return contents;
}
