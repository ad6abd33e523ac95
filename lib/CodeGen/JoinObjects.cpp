//===- JoinObjects.cpp - one object of several ----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// What `ld -r` does, as far as objects of our own code generation need it: sections of the same
// name and kind lie one behind the other, relocations follow them, and hidden symbols, by which the
// parts of a model refer to each other, become local ones. The layout is that of the System V ABI,
// for 64 bit machines whose relocations have their addends beside them.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/CodeGen.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Object/ELF.h"
#include "llvm/Support/Alignment.h"

using namespace llvm;
using namespace tflc;

using ELFT = object::ELF64LE;
using File = object::ELFFile<ELFT>;
using SectionHeader = ELFT::Shdr;

namespace {
/// A relocation whose symbol is a number in the joiner's own list.
struct Relocation {
  uint64_t offset;
  uint32_t symbol, type;
  int64_t addend;
};

struct Section {
  std::string name;
  uint32_t type;
  uint64_t flags, entrySize, alignment = 1, size = 0;
  std::string bytes; ///< empty where the section has a size alone
  std::vector<Relocation> relocations;
};

struct Symbol {
  std::string name;
  uint8_t binding = ELF::STB_LOCAL, type = ELF::STT_NOTYPE, visibility = ELF::STV_DEFAULT;
  uint64_t value = 0, size = 0;
  uint16_t section = ELF::SHN_UNDEF; ///< from 1 on; or one of ELF's reserved numbers
};

/// Where sections and symbols of one of the objects are in the result.
struct Places {
  std::vector<unsigned> sections; ///< number of the output section, from 1 on; 0 for none
  std::vector<uint64_t> offsets;
  std::vector<uint32_t> symbols;
};

class Joiner {
public:
  Error add(StringRef object);
  std::string write();

private:
  Error addSections(const File &file, Places &places);
  Error addSymbols(const File &file, const SectionHeader &table, Places &places);
  Error addRelocations(const File &file, const SectionHeader &header, const Places &places);
  unsigned getSection(StringRef name, const SectionHeader &header);
  uint32_t getSectionSymbol(unsigned section);
  uint32_t getGlobal(StringRef name);
  std::vector<uint32_t> orderSymbols(uint32_t &numLocal) const;

  std::optional<ELFT::Ehdr> header;
  std::vector<Section> sections;
  std::vector<Symbol> symbols;
  StringMap<uint32_t> globals;          ///< symbols that more than one object may name
  std::vector<uint32_t> sectionSymbols; ///< one for each section
  bool hasFileName = false;
};
} // namespace

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// The output section for an input section of that name and kind.
unsigned Joiner::getSection(StringRef name, const SectionHeader &input) {
  for (unsigned i = 0; i < sections.size(); ++i)
    if (sections[i].name == name && sections[i].type == input.sh_type &&
        sections[i].flags == input.sh_flags && sections[i].entrySize == input.sh_entsize)
      return i + 1;
  Section section;
  section.name = name.str();
  section.type = input.sh_type;
  section.flags = input.sh_flags;
  section.entrySize = input.sh_entsize;
  sections.push_back(std::move(section));
  Symbol symbol;
  symbol.type = ELF::STT_SECTION;
  symbol.section = sections.size();
  sectionSymbols.push_back(symbols.size());
  symbols.push_back(symbol);
  return sections.size();
}

uint32_t Joiner::getSectionSymbol(unsigned section) { return sectionSymbols[section - 1]; }

/// Whether the joiner writes such a section itself.
static bool isTable(uint32_t type) {
  return type == ELF::SHT_NULL || type == ELF::SHT_SYMTAB || type == ELF::SHT_STRTAB ||
         type == ELF::SHT_RELA;
}

Error Joiner::addSections(const File &file, Places &places) {
  auto headers = file.sections();
  if (!headers)
    return headers.takeError();
  for (const SectionHeader &input : *headers) {
    places.sections.push_back(0);
    places.offsets.push_back(0);
    if (isTable(input.sh_type))
      continue;
    Expected<StringRef> name = file.getSectionName(input);
    if (!name)
      return name.takeError();
    bool hasBytes = input.sh_type == ELF::SHT_PROGBITS || input.sh_type == ELF::SHT_X86_64_UNWIND;
    if (!hasBytes && input.sh_type != ELF::SHT_NOBITS)
      return createStringError("section '" + *name + "' is of a type that cannot be joined");
    unsigned number = getSection(*name, input);
    Section &section = sections[number - 1];
    section.alignment = std::max<uint64_t>(section.alignment, input.sh_addralign);
    section.size = alignTo(section.size, std::max<uint64_t>(1, input.sh_addralign));
    places.sections.back() = number;
    places.offsets.back() = section.size;
    if (hasBytes) {
      auto bytes = file.getSectionContents(input);
      if (!bytes)
        return bytes.takeError();
      section.bytes.resize(section.size);
      section.bytes.append(bytes->begin(), bytes->end());
    }
    section.size += input.sh_size;
  }
  return Error::success();
}

uint32_t Joiner::getGlobal(StringRef name) {
  auto [entry, isNew] = globals.try_emplace(name, symbols.size());
  if (isNew) {
    symbols.emplace_back();
    symbols.back().name = name.str();
    symbols.back().binding = ELF::STB_GLOBAL;
  }
  return entry->second;
}

Error Joiner::addSymbols(const File &file, const SectionHeader &table, Places &places) {
  auto inputs = file.symbols(&table);
  auto headers = file.sections();
  if (!inputs || !headers)
    return joinErrors(inputs ? Error::success() : inputs.takeError(),
                      headers ? Error::success() : headers.takeError());
  Expected<StringRef> names = file.getStringTableForSymtab(table, *headers);
  if (!names)
    return names.takeError();
  for (const auto &input : *inputs) {
    Expected<StringRef> name = input.getName(*names);
    if (!name)
      return name.takeError();
    bool isSection = input.getType() == ELF::STT_SECTION;
    bool isRepeated = input.getType() == ELF::STT_FILE && hasFileName;
    if (places.symbols.empty() || isRepeated) {
      places.symbols.push_back(0);
      continue;
    }
    unsigned section = input.st_shndx;
    bool isPlaced = section != ELF::SHN_UNDEF && section < ELF::SHN_LORESERVE;
    if (isPlaced && section >= places.sections.size())
      return createStringError("a symbol is in a section that does not exist");
    if (isSection) {
      places.symbols.push_back(getSectionSymbol(places.sections[section]));
      continue;
    }
    hasFileName |= input.getType() == ELF::STT_FILE;
    bool isShared = input.getBinding() != ELF::STB_LOCAL;
    uint32_t number = isShared ? getGlobal(*name) : symbols.size();
    if (!isShared) {
      symbols.emplace_back();
      symbols.back().name = name->str();
    }
    places.symbols.push_back(number);
    if (section == ELF::SHN_UNDEF)
      continue;
    Symbol &symbol = symbols[number];
    symbol.type = input.getType();
    symbol.size = input.st_size;
    symbol.section = isPlaced ? places.sections[section] : section;
    symbol.value = input.st_value + (isPlaced ? places.offsets[section] : 0);
    bool isHidden = input.getVisibility() == ELF::STV_HIDDEN;
    symbol.visibility = isHidden ? uint8_t(ELF::STV_DEFAULT) : input.getVisibility();
    symbol.binding = isHidden ? uint8_t(ELF::STB_LOCAL) : input.getBinding();
  }
  return Error::success();
}

Error Joiner::addRelocations(const File &file, const SectionHeader &input, const Places &places) {
  auto relocations = file.relas(input);
  auto headers = file.sections();
  auto table = file.getSection(input.sh_link);
  if (!relocations || !headers || !table)
    return createStringError("the relocations of an object cannot be read");
  auto inputSymbols = file.symbols(*table);
  if (!inputSymbols)
    return inputSymbols.takeError();
  if (input.sh_info >= places.sections.size() || places.sections[input.sh_info] == 0)
    return createStringError("relocations are for a section that does not exist");
  Section &section = sections[places.sections[input.sh_info] - 1];
  for (const auto &relocation : *relocations) {
    uint32_t number = relocation.getSymbol(false);
    if (number >= places.symbols.size())
      return createStringError("a relocation is against a symbol that does not exist");
    int64_t addend = relocation.r_addend;
    const auto &symbol = (*inputSymbols)[number];
    if (symbol.getType() == ELF::STT_SECTION)
      addend += static_cast<int64_t>(places.offsets[symbol.st_shndx]);
    section.relocations.push_back({relocation.r_offset + places.offsets[input.sh_info],
                                   places.symbols[number], relocation.getType(false), addend});
  }
  return Error::success();
}

Error Joiner::add(StringRef object) {
  Expected<File> file = File::create(object);
  if (!file)
    return file.takeError();
  if (!header)
    header = file->getHeader();
  Places places;
  if (Error error = addSections(*file, places))
    return error;
  auto headers = file->sections();
  if (!headers)
    return headers.takeError();
  for (const SectionHeader &input : *headers)
    if (input.sh_type == ELF::SHT_SYMTAB)
      if (Error error = addSymbols(*file, input, places))
        return error;
  for (const SectionHeader &input : *headers)
    if (input.sh_type == ELF::SHT_RELA)
      if (Error error = addRelocations(*file, input, places))
        return error;
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

namespace {
/// A table of strings, each of which ends with a zero byte; the first is empty.
class Strings {
public:
  uint32_t add(StringRef text) {
    if (text.empty())
      return 0;
    uint32_t at = bytes.size();
    bytes.append(text.begin(), text.end());
    bytes.push_back('\0');
    return at;
  }
  std::string bytes = std::string(1, '\0');
};

/// The file as far as it is written, and what its section headers will be.
class Writer {
public:
  template <typename T> void append(const T &value) {
    file.append(reinterpret_cast<const char *>(&value), sizeof(T));
  }
  void align(uint64_t alignment) { file.resize(alignTo(file.size(), alignment)); }
  /// Notes a section that begins here.
  SectionHeader &begin(StringRef name, uint32_t type, uint64_t alignment) {
    align(alignment);
    SectionHeader section = {};
    section.sh_name = names.add(name);
    section.sh_type = type;
    section.sh_offset = file.size();
    section.sh_addralign = alignment;
    headers.push_back(section);
    return headers.back();
  }
  void writeBytes(StringRef name, uint32_t type, StringRef bytes) {
    begin(name, type, 1).sh_size = bytes.size();
    file.append(bytes.begin(), bytes.end());
  }

  std::string file;
  std::vector<SectionHeader> headers = {SectionHeader()};
  Strings names;
};
} // namespace

/// The symbols in the order of the file, where local ones come first.
std::vector<uint32_t> Joiner::orderSymbols(uint32_t &numLocal) const {
  std::vector<uint32_t> order(symbols.size());
  for (uint32_t i = 0; i < order.size(); ++i)
    order[i] = i;
  auto isLocal = [&](uint32_t i) { return symbols[i].binding == ELF::STB_LOCAL; };
  // The name of the file is the first symbol by convention.
  auto file = std::stable_partition(order.begin(), order.end(),
                                    [&](uint32_t i) { return symbols[i].type == ELF::STT_FILE; });
  numLocal = std::stable_partition(file, order.end(), isLocal) - order.begin();
  return order;
}

std::string Joiner::write() {
  uint32_t numLocal = 0;
  std::vector<uint32_t> order = orderSymbols(numLocal), numberOf(symbols.size());
  for (uint32_t i = 0; i < order.size(); ++i)
    numberOf[order[i]] = i + 1; // the first symbol of a table is none

  Writer writer;
  writer.append(*header);
  for (const Section &section : sections) {
    SectionHeader &out = writer.begin(section.name, section.type, section.alignment);
    out.sh_flags = section.flags;
    out.sh_entsize = section.entrySize;
    out.sh_size = section.size;
    writer.file += section.bytes;
  }
  uint32_t symbolTable = 1 + sections.size() + count_if(sections, [](const Section &s) {
                           return !s.relocations.empty();
                         });
  for (auto [number, section] : enumerate(sections)) {
    if (section.relocations.empty())
      continue;
    SectionHeader &out = writer.begin(".rela" + section.name, ELF::SHT_RELA, sizeof(uint64_t));
    out.sh_flags = ELF::SHF_INFO_LINK;
    out.sh_entsize = sizeof(ELFT::Rela);
    out.sh_size = section.relocations.size() * sizeof(ELFT::Rela);
    out.sh_link = symbolTable;
    out.sh_info = number + 1;
    for (const Relocation &relocation : section.relocations) {
      ELFT::Rela entry = {};
      entry.r_offset = relocation.offset;
      entry.r_addend = relocation.addend;
      entry.setSymbolAndType(numberOf[relocation.symbol], relocation.type, false);
      writer.append(entry);
    }
  }
  SectionHeader &table = writer.begin(".symtab", ELF::SHT_SYMTAB, sizeof(uint64_t));
  table.sh_entsize = sizeof(ELFT::Sym);
  table.sh_size = (symbols.size() + 1) * sizeof(ELFT::Sym);
  table.sh_link = symbolTable + 1;
  table.sh_info = numLocal + 1;
  Strings strings;
  writer.append(ELFT::Sym{});
  for (uint32_t number : order) {
    const Symbol &symbol = symbols[number];
    ELFT::Sym entry = {};
    entry.st_name = strings.add(symbol.name);
    entry.setBindingAndType(symbol.binding, symbol.type);
    entry.setVisibility(symbol.visibility);
    entry.st_shndx = symbol.section;
    entry.st_value = symbol.value;
    entry.st_size = symbol.size;
    writer.append(entry);
  }
  writer.writeBytes(".strtab", ELF::SHT_STRTAB, strings.bytes);
  SectionHeader &names = writer.begin(".shstrtab", ELF::SHT_STRTAB, 1);
  names.sh_size = writer.names.bytes.size();
  writer.file += writer.names.bytes;

  writer.align(sizeof(uint64_t));
  ELFT::Ehdr out = *header;
  out.e_shoff = writer.file.size();
  out.e_shnum = writer.headers.size();
  out.e_shstrndx = writer.headers.size() - 1;
  for (const SectionHeader &section : writer.headers)
    writer.append(section);
  writer.file.replace(0, sizeof(out), reinterpret_cast<const char *>(&out), sizeof(out));
  return std::move(writer.file);
}

Expected<std::string> tflc::joinObjects(ArrayRef<std::string> objects) {
  Joiner joiner;
  for (const std::string &object : objects)
    if (Error error = joiner.add(object))
      return createStringError("joining the parts of an object failed: " +
                               toString(std::move(error)));
  return joiner.write();
}
