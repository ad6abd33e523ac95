//===- HDF5File.cpp - datasets of an HDF5 file in memory ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "HDF5File.h"

#include "GlobalHeaps.h"
#include "HDF5Library.h"
#include "LocalHeaps.h"

#include "tflc/Support/Trial.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"

using namespace llvm;
using namespace tflc::keras;

/// How many times its file's size a compressed dataset may have.
static constexpr uint64_t maxRatio = 50;
static constexpr uint64_t alwaysAllowed = 16 << 20;

/// The attributes that are read, each perhaps in numbered parts.
static constexpr StringLiteral textAttributes[] = {"keras_version", "layer_names", "model_config",
                                                   "name", "weight_names"};

static Error fault(const Twine &message) {
  return createStringError(inconvertibleErrorCode(), message);
}

/// Of a file that is open.
static const HDF5Library &hdf5() { return cantFail(HDF5Library::load()); }

/// Sizes of a file's addresses and lengths are those of h5py, 8 bytes; the checks count on it.
static bool hasUsualSizes(StringRef bytes) {
  constexpr size_t versionPlace = 8;
  if (bytes.size() < 16)
    return false;
  // The first superblocks have versions of other parts in front.
  size_t place = bytes[versionPlace] < 2 ? 13 : 9;
  return bytes[place] == 8 && bytes[place + 1] == 8;
}

Expected<HDF5File> HDF5File::openUntried(StringRef bytes) {
  // What is wrong is reported by us.
  hdf5().H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  hid_t access = hdf5().H5Pcreate(hdf5().fileAccess);
  auto close = make_scope_exit([&] { hdf5().H5Pclose(access); });
  hdf5().H5Pset_fapl_core(access, /*increment=*/1 << 16, /*backing_store=*/false);
  hdf5().H5Pset_file_image(access, const_cast<char *>(bytes.data()), bytes.size());
  hid_t file = hdf5().H5Fopen("model.h5", HDF5Library::readOnly, access);
  if (file < 0)
    return fault("the HDF5 file is damaged or truncated");
  return HDF5File(file, bytes.size());
}

/// Reads what is at `path` and below, to a depth, and as long as members are left to visit: links
/// may go round.
void HDF5File::readAll(const std::string &path, unsigned depth, size_t &left) const {
  for (StringRef attribute : textAttributes)
    readTexts(path, attribute);
  std::vector<std::string> members = list(path);
  if (members.empty())
    consumeError(read(path).takeError());
  for (const std::string &member : members)
    if (depth > 0 && left > 0)
      readAll(path + "/" + member, depth - 1, --left);
}

Expected<HDF5File> HDF5File::open(StringRef bytes) {
  std::optional<GlobalHeaps> heaps;
  if (hasUsualSizes(bytes) && endLocalHeapsWithZero(bytes))
    heaps = GlobalHeaps::read(bytes);
  if (!heaps)
    return fault("the HDF5 file is damaged or truncated");
  for (StringRef name : textAttributes)
    if (!heaps->holdTextsOf(name))
      return fault("the HDF5 file is damaged or truncated: a text of an attribute '" + name +
                   "' is missing");
  Expected<const HDF5Library &> library = HDF5Library::load();
  if (!library)
    return library.takeError();
  // A link and what it leads to take as many bytes at least. Where links go round, more can be
  // reached.
  constexpr size_t leastMemberBytes = 32;
  constexpr unsigned mostSeconds = 60;
  Expected<bool> canBeRead = endsInChild(
      [&] {
        size_t left = bytes.size() / leastMemberBytes;
        if (Expected<HDF5File> file = openUntried(bytes))
          file->readAll("/", /*depth=*/32, left);
        else
          consumeError(file.takeError());
      },
      mostSeconds);
  if (!canBeRead)
    return canBeRead.takeError();
  if (!*canBeRead)
    return fault("the HDF5 file is damaged or truncated: HDF5's library cannot read it");
  return openUntried(bytes);
}

HDF5File::HDF5File(HDF5File &&other) : file(std::exchange(other.file, -1)), size(other.size) {}

HDF5File::~HDF5File() {
  if (file >= 0)
    hdf5().H5Fclose(file);
}

/// H5Lexists asks for one link of a path at a time.
bool HDF5File::exists(StringRef path) const {
  std::string prefix;
  for (StringRef part : split(path, '/')) {
    if (part.empty())
      continue;
    prefix += "/" + part.str();
    if (hdf5().H5Lexists(file, prefix.c_str(), H5P_DEFAULT) <= 0)
      return false;
  }
  return hdf5().H5Oexists_by_name(file, prefix.empty() ? "/" : prefix.c_str(), H5P_DEFAULT) > 0;
}

std::vector<std::string> HDF5File::list(StringRef group) const {
  std::vector<std::string> names;
  if (!exists(group))
    return names;
  hid_t handle = hdf5().H5Gopen2(file, group.str().c_str(), H5P_DEFAULT);
  if (handle < 0)
    return names;
  auto close = make_scope_exit([&] { hdf5().H5Gclose(handle); });
  auto add = [](hid_t, const char *name, const H5L_info_t *, void *data) -> herr_t {
    static_cast<std::vector<std::string> *>(data)->push_back(name);
    return 0;
  };
  hdf5().H5Literate(handle, H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names);
  return names;
}

/// The texts of an attribute, of fixed or variable length.
static std::vector<std::string> readAttribute(hid_t file, size_t fileSize, StringRef object,
                                              StringRef name) {
  assert(is_contained(textAttributes, name.rtrim("0123456789")) && "an attribute is not checked");
  std::string path = object.str(), attributeName = name.str();
  if (hdf5().H5Aexists_by_name(file, path.c_str(), attributeName.c_str(), H5P_DEFAULT) <= 0)
    return {};
  hid_t attribute =
      hdf5().H5Aopen_by_name(file, path.c_str(), attributeName.c_str(), H5P_DEFAULT, H5P_DEFAULT);
  if (attribute < 0)
    return {};
  hid_t type = hdf5().H5Aget_type(attribute), space = hdf5().H5Aget_space(attribute);
  auto close = make_scope_exit([&] {
    hdf5().H5Sclose(space);
    hdf5().H5Tclose(type);
    hdf5().H5Aclose(attribute);
  });
  hssize_t count = hdf5().H5Sget_simple_extent_npoints(space);
  if (hdf5().H5Tget_class(type) != H5T_STRING || count < 0 || uint64_t(count) > fileSize)
    return {};
  std::vector<std::string> texts;
  if (hdf5().H5Tis_variable_str(type) > 0) {
    std::vector<char *> pointers(count);
    hid_t memory = hdf5().H5Tcopy(hdf5().charType);
    hdf5().H5Tset_size(memory, H5T_VARIABLE);
    hdf5().H5Tset_cset(memory, hdf5().H5Tget_cset(type));
    if (hdf5().H5Aread(attribute, memory, pointers.data()) >= 0) {
      for (char *pointer : pointers)
        texts.push_back(pointer ? pointer : "");
      hdf5().H5Dvlen_reclaim(memory, space, H5P_DEFAULT, pointers.data());
    }
    hdf5().H5Tclose(memory);
    return texts;
  }
  size_t length = hdf5().H5Tget_size(type);
  if (length == 0 || uint64_t(count) > fileSize / length)
    return {};
  std::string bytes(length * count, '\0');
  if (hdf5().H5Aread(attribute, type, bytes.data()) < 0)
    return {};
  for (hssize_t i = 0; i < count; ++i) {
    StringRef text = StringRef(bytes).substr(i * length, length);
    texts.push_back(text.take_until([](char c) { return c == '\0'; }).str());
  }
  return texts;
}

std::optional<std::string> HDF5File::readText(StringRef object, StringRef attribute) const {
  std::vector<std::string> texts = readAttribute(file, size, object, attribute);
  if (texts.size() != 1)
    return std::nullopt;
  return texts.front();
}

std::vector<std::string> HDF5File::readTexts(StringRef object, StringRef attribute) const {
  std::vector<std::string> texts = readAttribute(file, size, object, attribute);
  if (!texts.empty())
    return texts;
  for (unsigned part = 0;; ++part) {
    std::vector<std::string> more =
        readAttribute(file, size, object, (attribute + Twine(part)).str());
    if (more.empty())
      return texts;
    append_range(texts, more);
  }
}

/// Keras 3 stores bfloat16 as a compound or opaque of two bytes; HDF5 cannot convert it.
static bool isOpaqueHalf(hid_t type) {
  H5T_class_t kind = hdf5().H5Tget_class(type);
  return hdf5().H5Tget_size(type) == 2 && (kind == H5T_OPAQUE || kind == H5T_COMPOUND);
}

Expected<Dataset> HDF5File::read(StringRef path) const {
  auto damaged = [&] { return fault("the weights \"" + path + "\" are damaged"); };
  if (!exists(path))
    return fault("the weights \"" + path + "\" are missing");
  hid_t dataset = hdf5().H5Dopen2(file, path.str().c_str(), H5P_DEFAULT);
  if (dataset < 0)
    return damaged();
  hid_t type = hdf5().H5Dget_type(dataset), space = hdf5().H5Dget_space(dataset);
  auto close = make_scope_exit([&] {
    hdf5().H5Sclose(space);
    hdf5().H5Tclose(type);
    hdf5().H5Dclose(dataset);
  });
  int rank = hdf5().H5Sget_simple_extent_ndims(space);
  if (rank < 0 || rank > 8)
    return damaged();
  SmallVector<hsize_t> sizes(rank);
  hdf5().H5Sget_simple_extent_dims(space, sizes.data(), nullptr);
  uint64_t count = 1, limit = alwaysAllowed + maxRatio * size;
  Dataset result;
  for (hsize_t extent : sizes) {
    if (extent != 0 && count > limit / extent)
      return fault("the weights \"" + path + "\" are far larger than their file");
    count *= extent;
    result.shape.push_back(extent);
  }
  H5T_class_t kind = hdf5().H5Tget_class(type);
  if (isOpaqueHalf(type)) {
    std::vector<uint16_t> halves(count);
    if (hdf5().H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, halves.data()) < 0)
      return damaged();
    for (uint16_t half : halves)
      result.floats.push_back(bit_cast<float>(uint32_t(half) << 16));
    return result;
  }
  result.isInteger = kind == H5T_INTEGER || kind == H5T_ENUM;
  if (!result.isInteger && kind != H5T_FLOAT)
    return fault("the weights \"" + path + "\" are no numbers");
  herr_t status;
  if (kind == H5T_ENUM) { // h5py's booleans
    std::vector<int8_t> bytes(count);
    if (hdf5().H5Tget_size(type) != 1)
      return damaged();
    status = hdf5().H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data());
    result.integers.assign(bytes.begin(), bytes.end());
  } else if (result.isInteger) {
    result.integers.resize(count);
    status = hdf5().H5Dread(dataset, hdf5().int64Type, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                            result.integers.data());
  } else {
    result.floats.resize(count);
    status = hdf5().H5Dread(dataset, hdf5().float32Type, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                            result.floats.data());
  }
  if (status < 0)
    return damaged();
  return result;
}
