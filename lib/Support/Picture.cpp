//===- Picture.cpp - PNG and JPEG files -----------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Support/Picture.h"

#include "tflc/Support/OutputFiles.h"

#include "llvm/ADT/Twine.h"

#include <algorithm>
#include <cmath>
#include <csetjmp>
#include <cstdio>

// jpeglib.h needs size_t and FILE.
#include <jpeglib.h>
#include <png.h>

using namespace llvm;
using namespace tflc;

/// More than any camera gives; keeps a broken header from taking all memory.
static constexpr int64_t largestSide = 1 << 16;
static constexpr int64_t mostPixels = int64_t(1) << 28;

static Error fail(StringRef path, const Twine &reason) {
  return createStringError("cannot read '" + path + "': " + reason);
}

static bool isTooLarge(int64_t height, int64_t width) {
  return height > largestSide || width > largestSide || height * width > mostPixels;
}

static Expected<Picture> decodePng(StringRef contents, StringRef path, unsigned channels) {
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_memory(&image, contents.data(), contents.size()))
    return fail(path, image.message);
  if (isTooLarge(image.height, image.width)) {
    png_image_free(&image);
    return fail(path, "the picture is too large");
  }
  image.format = channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  Picture picture{image.height, image.width, channels, {}};
  picture.pixels.resize(PNG_IMAGE_SIZE(image));
  // What is transparent shows black.
  png_color black = {0, 0, 0};
  if (!png_image_finish_read(&image, &black, picture.pixels.data(), 0, nullptr))
    return fail(path, image.message);
  return picture;
}

namespace {
struct JpegFault {
  jpeg_error_mgr manager;
  jmp_buf target;
  char message[JMSG_LENGTH_MAX];
};
} // namespace

static void leaveDecoder(j_common_ptr decoder) {
  auto *fault = reinterpret_cast<JpegFault *>(decoder->err);
  decoder->err->format_message(decoder, fault->message);
  std::longjmp(fault->target, 1);
}

/// No C++ object may be made here: the decoder leaves by longjmp.
static bool decodeJpegInto(jpeg_decompress_struct &decoder, JpegFault &fault, StringRef contents,
                           Picture &picture) {
  if (setjmp(fault.target))
    return false;
  jpeg_mem_src(&decoder, reinterpret_cast<const unsigned char *>(contents.data()), contents.size());
  jpeg_read_header(&decoder, TRUE);
  if (isTooLarge(decoder.image_height, decoder.image_width)) {
    std::snprintf(fault.message, sizeof(fault.message), "the picture is too large");
    return false;
  }
  decoder.out_color_space = picture.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress(&decoder);
  picture.height = decoder.output_height;
  picture.width = decoder.output_width;
  size_t row = size_t(picture.width) * picture.channels;
  picture.pixels.resize(row * picture.height);
  while (decoder.output_scanline < decoder.output_height) {
    JSAMPROW line = picture.pixels.data() + row * decoder.output_scanline;
    jpeg_read_scanlines(&decoder, &line, 1);
  }
  jpeg_finish_decompress(&decoder);
  return true;
}

static Expected<Picture> decodeJpeg(StringRef contents, StringRef path, unsigned channels) {
  jpeg_decompress_struct decoder = {};
  JpegFault fault = {};
  decoder.err = jpeg_std_error(&fault.manager);
  fault.manager.error_exit = leaveDecoder;
  // Warnings would go to stderr.
  fault.manager.emit_message = [](j_common_ptr, int) {};
  jpeg_create_decompress(&decoder);
  Picture picture;
  picture.channels = channels;
  bool good = decodeJpegInto(decoder, fault, contents, picture);
  jpeg_destroy_decompress(&decoder);
  if (!good)
    return fail(path, fault.message);
  return picture;
}

Expected<Picture> tflc::readPicture(StringRef path, unsigned channels) {
  Expected<std::string> contents = readFile(path);
  if (!contents)
    return contents.takeError();
  if (StringRef(*contents).starts_with("\x89PNG"))
    return decodePng(*contents, path, channels);
  if (StringRef(*contents).starts_with("\xff\xd8"))
    return decodeJpeg(*contents, path, channels);
  return fail(path, "neither a PNG nor a JPEG file");
}

namespace {
/// Two neighbours of a place between pixels, and the weight of the second.
struct Neighbours {
  int64_t low, high;
  float weight;
};
} // namespace

static Neighbours getNeighbours(int64_t index, int64_t from, int64_t to) {
  float place = (float(index) + 0.5f) * float(from) / float(to) - 0.5f;
  place = std::clamp(place, 0.0f, float(from - 1));
  auto low = int64_t(place);
  return {low, std::min(low + 1, from - 1), place - float(low)};
}

Picture tflc::resizePicture(const Picture &picture, int64_t height, int64_t width) {
  Picture result{height, width, picture.channels, {}};
  result.pixels.reserve(height * width * picture.channels);
  for (int64_t y = 0; y < height; ++y) {
    Neighbours rows = getNeighbours(y, picture.height, height);
    for (int64_t x = 0; x < width; ++x) {
      Neighbours columns = getNeighbours(x, picture.width, width);
      for (unsigned c = 0; c < picture.channels; ++c) {
        auto at = [&](int64_t row, int64_t column) {
          return float(picture.pixels[(row * picture.width + column) * picture.channels + c]);
        };
        auto mix = [](float a, float b, float weight) { return a + (b - a) * weight; };
        float top = mix(at(rows.low, columns.low), at(rows.low, columns.high), columns.weight);
        float bottom = mix(at(rows.high, columns.low), at(rows.high, columns.high), columns.weight);
        result.pixels.push_back(uint8_t(std::lround(mix(top, bottom, rows.weight))));
      }
    }
  }
  return result;
}
