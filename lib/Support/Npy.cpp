//===- Npy.cpp - one array in NumPy's format ------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Support/Npz.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/Endian.h"

using namespace llvm;
using namespace tflc;

static constexpr StringLiteral magic("\x93NUMPY");

namespace {
/// A NumPy type code, without its byte order.
struct TypeCode {
  ElementType type;
  StringLiteral code;
  /// What the byte order applies to: a complex number is two of them.
  unsigned wordSize;
};
} // namespace

static constexpr TypeCode typeCodes[] = {
    {ElementType::Float32, "f4", 4},   {ElementType::Float16, "f2", 2},
    {ElementType::Float64, "f8", 8},   {ElementType::Int8, "i1", 1},
    {ElementType::UInt8, "u1", 1},     {ElementType::Int16, "i2", 2},
    {ElementType::UInt16, "u2", 2},    {ElementType::Int32, "i4", 4},
    {ElementType::UInt32, "u4", 4},    {ElementType::Int64, "i8", 8},
    {ElementType::UInt64, "u8", 8},    {ElementType::Bool, "b1", 1},
    {ElementType::Complex64, "c8", 4}, {ElementType::Complex128, "c16", 8},
    {ElementType::BFloat16, "V2", 2}, // what the bfloat16 of the ml_dtypes package is stored as
};

static Error fail(StringRef what, const Twine &reason) {
  return createStringError(what + ": " + reason);
}

std::string tflc::formatArrayType(const Array &array) {
  TensorInfo tensor;
  tensor.type = array.type;
  tensor.shape = array.shape;
  return formatTensorType(tensor);
}

namespace {
/// The header is a Python dictionary with the keys descr, fortran_order and shape.
struct Header {
  std::string descr;
  bool fortranOrder = false;
  std::vector<int64_t> shape;
};

class HeaderParser {
public:
  explicit HeaderParser(StringRef text) : rest(text) {}

  /// False if the text is no such dictionary.
  bool parse(Header &header) {
    if (!consume("{"))
      return false;
    unsigned found = 0;
    while (!consume("}")) {
      std::string key;
      if (!parseString(key) || !consume(":"))
        return false;
      bool ok = key == "descr"           ? parseString(header.descr)
                : key == "fortran_order" ? parseBool(header.fortranOrder)
                : key == "shape"         ? parseShape(header.shape)
                                         : false;
      if (!ok)
        return false;
      ++found;
      if (!consume(",") && !rest.ltrim().starts_with("}"))
        return false;
    }
    return found == 3 && rest.trim().empty();
  }

private:
  bool consume(StringRef token) {
    rest = rest.ltrim();
    return rest.consume_front(token);
  }

  bool parseString(std::string &value) {
    rest = rest.ltrim();
    if (rest.empty() || (rest.front() != '\'' && rest.front() != '"'))
      return false;
    size_t end = rest.find(rest.front(), 1);
    if (end == StringRef::npos)
      return false;
    value = rest.slice(1, end).str();
    rest = rest.drop_front(end + 1);
    return true;
  }

  bool parseBool(bool &value) {
    value = consume("True");
    return value || consume("False");
  }

  bool parseShape(std::vector<int64_t> &shape) {
    if (!consume("("))
      return false;
    while (!consume(")")) {
      rest = rest.ltrim();
      int64_t size;
      if (rest.consumeInteger(10, size) || size < 0)
        return false;
      (void)rest.consume_front("L"); // Python 2
      shape.push_back(size);
      if (!consume(",") && !rest.ltrim().starts_with(")"))
        return false;
    }
    return true;
  }

  StringRef rest;
};
} // namespace

/// From Fortran order, where the first index runs fastest, to C order.
static std::string transposeToC(StringRef data, ArrayRef<int64_t> shape, size_t elementSize) {
  std::string result(data.size(), '\0');
  std::vector<int64_t> index(shape.size());
  for (size_t from = 0; from < data.size(); from += elementSize) {
    size_t to = 0;
    for (auto [i, size] : llvm::zip_equal(index, shape))
      to = to * size + i;
    std::memcpy(&result[to * elementSize], data.data() + from, elementSize);
    for (size_t axis = 0; axis < index.size() && ++index[axis] == shape[axis]; ++axis)
      index[axis] = 0;
  }
  return result;
}

/// The number of bytes in front of the header's text, and how long that is; reads the first 12.
static Expected<std::pair<size_t, size_t>> getHeaderExtent(StringRef contents, StringRef what) {
  StringRef rest = contents;
  if (!rest.consume_front(magic) || rest.size() < 4)
    return fail(what, "not a .npy file");
  unsigned major = uint8_t(rest[0]);
  unsigned lengthSize = major == 1 ? 2 : 4;
  if (major < 1 || major > 3)
    return fail(what, "version " + Twine(major) + " of the .npy format is not known");
  rest = rest.drop_front(2);
  if (rest.size() < lengthSize)
    return fail(what, "the .npy header is cut off");
  size_t length = lengthSize == 2 ? support::endian::read16le(rest.data())
                                  : support::endian::read32le(rest.data());
  return std::pair(magic.size() + 2 + lengthSize, length);
}

Expected<size_t> tflc::getNpyHeaderSize(StringRef start, StringRef what) {
  auto extent = getHeaderExtent(start, what);
  if (!extent)
    return extent.takeError();
  return extent->first + extent->second;
}

Expected<ArrayLayout> tflc::decodeNpyHeader(StringRef contents, StringRef what) {
  auto extent = getHeaderExtent(contents, what);
  if (!extent)
    return extent.takeError();
  auto [begin, length] = *extent;
  if (contents.size() - begin < length)
    return fail(what, "the .npy header is cut off");
  Header header;
  if (!HeaderParser(contents.substr(begin, length)).parse(header))
    return fail(what, "the .npy header is malformed");
  if (header.shape.size() > 32)
    return fail(what, "the array has more than 32 dimensions");

  StringRef descr = header.descr;
  ArrayLayout layout;
  layout.shape = header.shape;
  layout.isFortran = header.fortranOrder && header.shape.size() > 1;
  layout.headerSize = begin + length;
  // "S5": strings of up to five bytes, zeros behind. Their room is one more dimension.
  StringRef digits = descr.ltrim("<>|=");
  unsigned room = 0;
  bool isString =
      digits.consume_front("S") && !digits.getAsInteger(10, room) && room > 0 && !layout.isFortran;
  if (isString)
    layout.shape.push_back(room);
  char order = descr.empty() || !StringRef("<>|=").contains(descr.front()) ? '=' : descr.front();
  const TypeCode *code = llvm::find_if(
      typeCodes, [&](const TypeCode &entry) { return entry.code == descr.ltrim("<>|="); });
  if (code == std::end(typeCodes) && !isString)
    return fail(what, "arrays of the NumPy type '" + descr + "' cannot be inputs");
  layout.type = isString ? ElementType::String : code->type;
  if (!isString && (order == '>') == sys::IsLittleEndianHost && (order == '>' || order == '<'))
    layout.swappedWord = code->wordSize;
  std::optional<int64_t> bytes = getElementTypeSize(layout.type);
  for (int64_t size : layout.shape)
    bytes = bytes ? checkedMul<int64_t>(*bytes, size) : std::nullopt;
  if (!bytes)
    return fail(what, "the shape " + formatShape(header.shape) +
                          " needs more bytes than an address can count");
  layout.numBytes = *bytes;
  return layout;
}

void tflc::swapWords(std::string &data, unsigned wordSize) {
  if (wordSize > 1)
    for (size_t at = 0; at + wordSize <= data.size(); at += wordSize)
      std::reverse(&data[at], &data[at] + wordSize);
}

Expected<Array> tflc::decodeNpy(StringRef contents, StringRef what) {
  Expected<ArrayLayout> layout = decodeNpyHeader(contents, what);
  if (!layout)
    return layout.takeError();
  StringRef rest = contents.drop_front(layout->headerSize);
  if (uint64_t(layout->numBytes) != rest.size())
    return fail(what, "the array has " + Twine(rest.size()) + " bytes of data, but its shape " +
                          formatShape(layout->shape) + " and type need " + Twine(layout->numBytes));
  Array array;
  array.type = layout->type;
  array.shape = layout->shape;
  array.data = rest.str();
  swapWords(array.data, layout->swappedWord);
  if (layout->isFortran)
    array.data = transposeToC(array.data, array.shape, getElementTypeSize(array.type));
  return array;
}

/// What stands in front of the data, which begins at a multiple of 64.
static std::string makeNpyHeader(StringRef descr, ArrayRef<int64_t> shape) {
  std::string header = ("{'descr': '" + descr + "', 'fortran_order': False, 'shape': (").str();
  for (int64_t size : shape)
    header += std::to_string(size) + (shape.size() == 1 ? "," : ", ");
  if (shape.size() > 1)
    header.resize(header.size() - 2);
  header += "), }";
  size_t prefix = magic.size() + 4;
  header.append(63 - (prefix + header.size()) % 64, ' ');
  header += '\n';

  std::string contents = magic.str();
  contents += '\1';
  contents += '\0';
  contents += char(header.size() & 0xff);
  contents += char(header.size() >> 8);
  return contents + header;
}

/// The strings of an array, each as long as the longest one of them, and that length.
static std::pair<std::string, size_t> trimStrings(const Array &array) {
  size_t room = array.shape.back(), longest = 1;
  auto getText = [&](size_t at) { return StringRef(array.data).substr(at, room).rtrim('\0'); };
  for (size_t at = 0; at < array.data.size(); at += room)
    longest = std::max(longest, getText(at).size());
  std::string data;
  for (size_t at = 0; at < array.data.size(); at += room) {
    data += getText(at);
    data.append(longest - getText(at).size(), '\0');
  }
  return {data, longest};
}

std::string tflc::encodeNpy(const Array &array) {
  if (array.type == ElementType::String) {
    auto [data, longest] = trimStrings(array);
    std::vector<int64_t> shape(array.shape.begin(), array.shape.end() - 1);
    return makeNpyHeader("|S" + std::to_string(longest), shape) + data;
  }
  const TypeCode *code =
      llvm::find_if(typeCodes, [&](const TypeCode &entry) { return entry.type == array.type; });
  // A caller sees int4 values unpacked.
  StringRef name = code == std::end(typeCodes) ? "i1" : StringRef(code->code);
  bool hasOrder = code != std::end(typeCodes) && code->wordSize > 1 && name != "V2";
  StringRef order = !hasOrder ? "|" : sys::IsLittleEndianHost ? "<" : ">";
  return makeNpyHeader((order + name).str(), array.shape) + array.data;
}
