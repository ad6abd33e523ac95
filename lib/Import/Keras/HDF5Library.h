//===- HDF5Library.h - the functions of libhdf5 ------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// libhdf5 brings some thirty libraries along, for files in the network, which would take the system
// a twentieth of the time in which a small model is compiled. So it is loaded when a file of
// weights is read, but for TFLC_STATIC, which links it.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_KERAS_HDF5LIBRARY_H
#define TFLC_LIB_IMPORT_KERAS_HDF5LIBRARY_H

#include "llvm/Support/Error.h"

#include <hdf5.h>

/// Calls USE(FUNCTION) for each function that we need.
#define TFLC_FOR_EACH_HDF5_FUNCTION(USE)                                                           \
  USE(H5Aclose)                                                                                    \
  USE(H5Aexists_by_name)                                                                           \
  USE(H5Aget_space)                                                                                \
  USE(H5Aget_type)                                                                                 \
  USE(H5Aopen_by_name)                                                                             \
  USE(H5Aread)                                                                                     \
  USE(H5Dclose)                                                                                    \
  USE(H5Dget_space)                                                                                \
  USE(H5Dget_type)                                                                                 \
  USE(H5Dopen2)                                                                                    \
  USE(H5Dread)                                                                                     \
  USE(H5Dvlen_reclaim)                                                                             \
  USE(H5Eset_auto2)                                                                                \
  USE(H5Fclose)                                                                                    \
  USE(H5Fopen)                                                                                     \
  USE(H5Gclose)                                                                                    \
  USE(H5Gopen2)                                                                                    \
  USE(H5Lexists)                                                                                   \
  USE(H5Literate)                                                                                  \
  USE(H5Oexists_by_name)                                                                           \
  USE(H5Pclose)                                                                                    \
  USE(H5Pcreate)                                                                                   \
  USE(H5Pset_fapl_core)                                                                            \
  USE(H5Pset_file_image)                                                                           \
  USE(H5Sclose)                                                                                    \
  USE(H5Sget_simple_extent_dims)                                                                   \
  USE(H5Sget_simple_extent_ndims)                                                                  \
  USE(H5Sget_simple_extent_npoints)                                                                \
  USE(H5Tclose)                                                                                    \
  USE(H5Tcopy)                                                                                     \
  USE(H5Tget_class)                                                                                \
  USE(H5Tget_cset)                                                                                 \
  USE(H5Tget_size)                                                                                 \
  USE(H5Tis_variable_str)                                                                          \
  USE(H5Tset_cset)                                                                                 \
  USE(H5Tset_size)                                                                                 \
  USE(H5open)

namespace tflc::keras {

struct HDF5Library {
#define TFLC_DECLARE(name) decltype(&::name) name = nullptr;
  TFLC_FOR_EACH_HDF5_FUNCTION(TFLC_DECLARE)
#undef TFLC_DECLARE
  static constexpr unsigned readOnly = 0; ///< H5F_ACC_RDONLY, whose macro calls the library
  // What HDF5's macros of these names stand for, once the library has begun.
  hid_t fileAccess = -1;  ///< H5P_FILE_ACCESS
  hid_t charType = -1;    ///< H5T_C_S1
  hid_t int64Type = -1;   ///< H5T_NATIVE_INT64
  hid_t float32Type = -1; ///< H5T_NATIVE_FLOAT

  /// The library, which is loaded by the first call and stays; an error where it is missing.
  static llvm::Expected<const HDF5Library &> load();
};

} // namespace tflc::keras

#endif // TFLC_LIB_IMPORT_KERAS_HDF5LIBRARY_H
