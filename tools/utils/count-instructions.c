/*===- count-instructions.c - a QEMU plugin that counts -----------*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 * Prints `instructions: N` when the program ends, the number that it has executed. The same program
 * on the same input always gives the same number, on any machine, so a test can hold it.
 *
 *   cc -shared -fPIC -O2 count-instructions.c -o libcount.so
 *   qemu-aarch64 -plugin ./libcount.so program
 *
 * Debian has no package with qemu-plugin.h; what is used of its interface, version 1, is declared
 * here.
 *
 *===----------------------------------------------------------------------===*/

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef uint64_t PluginId;
typedef struct Block Block;

void qemu_plugin_register_vcpu_tb_trans_cb(PluginId id, void (*call)(PluginId, Block *));
void qemu_plugin_register_vcpu_tb_exec_inline(Block *block, int operation, void *counter,
                                              uint64_t amount);
void qemu_plugin_register_atexit_cb(PluginId id, void (*call)(PluginId, void *), void *data);
size_t qemu_plugin_tb_n_insns(const Block *block);

enum { ADD_TO_COUNTER = 0 };

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

static uint64_t executed;

static void whenTranslated(PluginId id, Block *block) {
  (void)id;
  qemu_plugin_register_vcpu_tb_exec_inline(block, ADD_TO_COUNTER, &executed,
                                           qemu_plugin_tb_n_insns(block));
}

static void atExit(PluginId id, void *data) {
  (void)id, (void)data;
  fprintf(stderr, "instructions: %llu\n", (unsigned long long)executed);
}

__attribute__((visibility("default"))) int qemu_plugin_install(PluginId id, const void *info,
                                                               int count, char **arguments) {
  (void)info, (void)count, (void)arguments;
  qemu_plugin_register_vcpu_tb_trans_cb(id, whenTranslated);
  qemu_plugin_register_atexit_cb(id, atExit, NULL);
  return 0;
}
