//===- Picture.h - PNG and JPEG files ---------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_SUPPORT_PICTURE_H
#define TFLC_SUPPORT_PICTURE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <vector>

namespace tflc {

/// Pixels row by row, the channels of a pixel side by side.
struct Picture {
  int64_t height = 0;
  int64_t width = 0;
  unsigned channels = 0;
  std::vector<uint8_t> pixels;
};

/// Reads a PNG or JPEG file with 1 channel (grey) or 3 (red, green, blue). A file is as hostile as
/// a model: the error says what is wrong with it.
llvm::Expected<Picture> readPicture(llvm::StringRef path, unsigned channels);

/// The picture in another size, interpolated between the centers of pixels.
Picture resizePicture(const Picture &picture, int64_t height, int64_t width);

} // namespace tflc

#endif // TFLC_SUPPORT_PICTURE_H
