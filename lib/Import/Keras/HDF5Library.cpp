//===- HDF5Library.cpp - the functions of libhdf5 --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "HDF5Library.h"

#include <string>
#include <type_traits>

#ifndef TFLC_LINK_HDF5
#include <dlfcn.h>
#endif

using namespace llvm;
using namespace tflc::keras;

#ifdef TFLC_LINK_HDF5

static std::string fill(HDF5Library &library) {
#define TFLC_TAKE(name) library.name = &::name;
  TFLC_FOR_EACH_HDF5_FUNCTION(TFLC_TAKE)
#undef TFLC_TAKE
  library.fileAccess = H5P_FILE_ACCESS;
  library.charType = H5T_C_S1;
  library.int64Type = H5T_NATIVE_INT64;
  library.float32Type = H5T_NATIVE_FLOAT;
  return "";
}

#else

// Names may be macros for those of a version.
#define TFLC_STRING(name) #name
#define TFLC_EXPANDED_STRING(name) TFLC_STRING(name)

/// Returns what is wrong, or nothing.
static std::string fill(HDF5Library &library) {
  void *handle = dlopen(TFLC_HDF5_FILE, RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    return dlerror();
  std::string missing;
  auto find = [&](auto &target, const char *name) {
    void *symbol = dlsym(handle, name);
    if (!symbol)
      missing = std::string(name) + " is missing in " + TFLC_HDF5_FILE;
    target = reinterpret_cast<std::remove_reference_t<decltype(target)>>(symbol);
  };
#define TFLC_FIND(name) find(library.name, TFLC_EXPANDED_STRING(name));
  TFLC_FOR_EACH_HDF5_FUNCTION(TFLC_FIND)
#undef TFLC_FIND
  hid_t *fileAccess, *charType, *int64Type, *float32Type;
  find(fileAccess, "H5P_CLS_FILE_ACCESS_ID_g");
  find(charType, "H5T_C_S1_g");
  find(int64Type, "H5T_NATIVE_INT64_g");
  find(float32Type, "H5T_NATIVE_FLOAT_g");
  if (!missing.empty())
    return missing;
  if (library.H5open() < 0)
    return "HDF5 does not begin";
  library.fileAccess = *fileAccess;
  library.charType = *charType;
  library.int64Type = *int64Type;
  library.float32Type = *float32Type;
  return "";
}

#endif

Expected<const HDF5Library &> HDF5Library::load() {
  static HDF5Library library;
  static const std::string problem = fill(library);
  if (!problem.empty())
    return createStringError(inconvertibleErrorCode(), "HDF5 files cannot be read: " + problem);
  return library;
}
