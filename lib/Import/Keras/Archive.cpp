//===- Archive.cpp - what is in a .keras file -----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Archive.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/Twine.h"

#include <zip.h>

using namespace llvm;
using namespace tflc::keras;

/// Keras stores parts without compression. Deflate reaches 1000:1 on zeros alone.
static constexpr uint64_t maxRatio = 50;
/// Enough for the configuration of a small model, however well it is compressed.
static constexpr uint64_t alwaysAllowed = 16 << 20;

static Error fault(const Twine &message) {
  return createStringError(inconvertibleErrorCode(), message);
}

static Expected<std::string> readPart(zip_t *zip, const char *name, uint64_t limit) {
  zip_stat_t info;
  zip_stat_init(&info);
  if (zip_stat(zip, name, 0, &info) != 0 || !(info.valid & ZIP_STAT_SIZE))
    return fault(Twine("the archive has no ") + name);
  if (info.size > limit)
    return fault(Twine(name) + " would take " + Twine(info.size) +
                 " bytes, far more than the archive has");
  zip_file_t *file = zip_fopen(zip, name, 0);
  if (!file)
    return fault(Twine(name) + " cannot be read: " + zip_strerror(zip));
  auto close = make_scope_exit([&] { zip_fclose(file); });
  std::string contents(info.size, '\0');
  if (zip_fread(file, contents.data(), contents.size()) != int64_t(contents.size()))
    return fault(Twine(name) + " is damaged");
  return contents;
}

/// All of them together may take `limit` bytes.
static Error readAssets(zip_t *zip, uint64_t limit, StringMap<std::string> &assets) {
  for (int64_t i = 0, count = zip_get_num_entries(zip, 0); i < count; ++i) {
    const char *name = zip_get_name(zip, i, 0);
    if (!name || !StringRef(name).starts_with("assets/") || StringRef(name).ends_with("/"))
      continue;
    Expected<std::string> contents = readPart(zip, name, limit);
    if (!contents)
      return contents.takeError();
    limit -= contents->size();
    assets[name] = std::move(*contents);
  }
  return Error::success();
}

Expected<Archive> tflc::keras::readArchive(StringRef bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t *source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr;
  if (!zip) {
    std::string text = zip_error_strerror(&error);
    if (source)
      zip_source_free(source);
    zip_error_fini(&error);
    return fault("the archive is damaged: " + text);
  }
  zip_error_fini(&error);
  auto discard = make_scope_exit([&] { zip_discard(zip); });
  uint64_t limit = alwaysAllowed + maxRatio * bytes.size();
  Archive archive;
  for (auto [name, part] : {std::pair("config.json", &archive.config),
                            std::pair("model.weights.h5", &archive.weights)}) {
    Expected<std::string> contents = readPart(zip, name, limit);
    if (!contents)
      return contents.takeError();
    *part = std::move(*contents);
  }
  // Only what depends on the version needs it.
  if (Expected<std::string> metadata = readPart(zip, "metadata.json", limit)) {
    if (Expected<json::Value> value = parseConfig(*metadata)) {
      if (const json::Object *object = value->getAsObject())
        archive.version = object->getString("keras_version").value_or("").str();
    } else {
      consumeError(value.takeError());
    }
  } else {
    consumeError(metadata.takeError());
  }
  if (Error error = readAssets(zip, limit, archive.assets))
    return error;
  return archive;
}

Expected<json::Value> tflc::keras::parseConfig(StringRef text) {
  constexpr unsigned maxDepth = 400;
  unsigned depth = 0;
  bool inString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (inString) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        inString = false;
    } else if (c == '"') {
      inString = true;
    } else if (c == '[' || c == '{') {
      if (++depth > maxDepth)
        return fault("the configuration is nested more than " + Twine(maxDepth) + " levels deep");
    } else if (c == ']' || c == '}') {
      depth -= depth != 0;
    }
  }
  Expected<json::Value> value = json::parse(text);
  if (!value)
    return fault("the configuration is no valid JSON: " + toString(value.takeError()));
  return value;
}
