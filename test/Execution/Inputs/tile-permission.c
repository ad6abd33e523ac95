/* Linux refuses tile registers (AMX) where a signal's stack has no room for them, and on other
 * machines anyway. */
#define _GNU_SOURCE
#include "kws.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>

static int8_t input[KWS_INPUT_1_SIZE], output[KWS_IDENTITY_SIZE], before[KWS_IDENTITY_SIZE];
static _Alignas(KWS_ARENA_ALIGNMENT) unsigned char arena[KWS_ARENA_SIZE];
static char stack[8192];

int main(void) {
  stack_t small = {.ss_sp = stack, .ss_size = sizeof stack};
  if (sigaltstack(&small, NULL))
    return 2;
  memset(before, 77, sizeof before);
  memset(output, 77, sizeof output);
  int32_t status = kws_invoke(input, output, arena);
  printf("status %d, output %s\n", status,
         memcmp(output, before, sizeof output) ? "written" : "as before");
  return 0;
}
