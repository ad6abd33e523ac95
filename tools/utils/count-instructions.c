/*===- count-instructions.c - a QEMU plugin that counts -----------*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 * Prints `instructions: N` when the program ends, the number that it has executed. The same program
 * on the same input always gives the same number, on any machine, so a test can hold it.
 *
 *   cc -shared -fPIC -O2 count-instructions.c -o libcount.so
 *   qemu-aarch64 -plugin ./libcount.so program
 *   qemu-aarch64 -plugin ./libcount.so,blocks=FILE program
 *
 * With `blocks=`, a file tells where the program was: one line `START END N M` in hexadecimal
 * addresses and decimal numbers for each run of instructions that QEMU translated as one. It was
 * executed N times, and M of these times what came next was not the instruction at END: its last
 * instruction branched.
 *
 * Debian has no package with qemu-plugin.h; what is used of its interface, version 1, is declared
 * here.
 *
 *===----------------------------------------------------------------------===*/

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t PluginId;
typedef struct Block Block;
typedef struct Instruction Instruction;

void qemu_plugin_register_vcpu_tb_trans_cb(PluginId id, void (*call)(PluginId, Block *));
void qemu_plugin_register_vcpu_tb_exec_inline(Block *block, int operation, void *counter,
                                              uint64_t amount);
void qemu_plugin_register_vcpu_tb_exec_cb(Block *block, void (*call)(unsigned cpu, void *data),
                                          int flags, void *data);
void qemu_plugin_register_atexit_cb(PluginId id, void (*call)(PluginId, void *), void *data);
size_t qemu_plugin_tb_n_insns(const Block *block);
uint64_t qemu_plugin_tb_vaddr(const Block *block);
Instruction *qemu_plugin_tb_get_insn(const Block *block, size_t index);
uint64_t qemu_plugin_insn_vaddr(const Instruction *instruction);
size_t qemu_plugin_insn_size(const Instruction *instruction);

enum { ADD_TO_COUNTER = 0 };
enum { READS_NO_REGISTERS = 0 };

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

/* A translated run of instructions; the same ones may be translated more than once. */
typedef struct Run {
  uint64_t start, end, executed, branched;
  struct Run *next;
} Run;

static uint64_t executed;
static const char *blocksFile;
static Run *runs, *last;

/* Programs have one thread. */
static void whenExecuted(unsigned cpu, void *data) {
  (void)cpu;
  Run *run = data;
  ++run->executed;
  if (last && last->end != run->start)
    ++last->branched;
  last = run;
}

static void whenTranslated(PluginId id, Block *block) {
  (void)id;
  size_t count = qemu_plugin_tb_n_insns(block);
  qemu_plugin_register_vcpu_tb_exec_inline(block, ADD_TO_COUNTER, &executed, count);
  Run *run = blocksFile ? calloc(1, sizeof *run) : NULL;
  if (!run)
    return;
  Instruction *end = qemu_plugin_tb_get_insn(block, count - 1);
  run->start = qemu_plugin_tb_vaddr(block);
  run->end = qemu_plugin_insn_vaddr(end) + qemu_plugin_insn_size(end);
  run->next = runs;
  runs = run;
  qemu_plugin_register_vcpu_tb_exec_cb(block, whenExecuted, READS_NO_REGISTERS, run);
}

static void atExit(PluginId id, void *data) {
  (void)id, (void)data;
  fprintf(stderr, "instructions: %llu\n", (unsigned long long)executed);
  FILE *file = blocksFile ? fopen(blocksFile, "w") : NULL;
  if (!file)
    return;
  for (const Run *run = runs; run; run = run->next)
    if (run->executed)
      fprintf(file, "%llx %llx %llu %llu\n", (unsigned long long)run->start,
              (unsigned long long)run->end, (unsigned long long)run->executed,
              (unsigned long long)run->branched);
  fclose(file);
}

__attribute__((visibility("default"))) int qemu_plugin_install(PluginId id, const void *info,
                                                               int count, char **arguments) {
  (void)info;
  for (int i = 0; i < count; ++i)
    if (!strncmp(arguments[i], "blocks=", 7))
      blocksFile = strdup(arguments[i] + 7);
  qemu_plugin_register_vcpu_tb_trans_cb(id, whenTranslated);
  qemu_plugin_register_atexit_cb(id, atExit, NULL);
  return 0;
}
