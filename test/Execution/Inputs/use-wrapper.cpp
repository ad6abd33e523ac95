// The interpreter on real models: several signatures, variables, names.
#include "accumulator.h"
#include "encode_decode.h"
#include "tflc/tflc.hpp"

#include <cstdio>

static int failures;

static void expect(bool condition, const char *what) {
  if (!condition)
    std::printf("not so: %s\n", what), ++failures;
}

static void testVariables() {
  tflc::Interpreter interpreter(accumulator_model);
  expect(interpreter.allocateTensors().ok(), "accumulator allocates");
  auto x = interpreter.typedInputTensor<float>(0);
  expect(x.size() == 4, "four elements");
  for (int round = 1; round <= 3; ++round) {
    std::fill(x.begin(), x.end(), 2.0f);
    expect(interpreter.invoke().ok(), "accumulator runs");
    expect(interpreter.typedOutputTensor<float>(0)[3] == 2.0f * round, "it adds up");
  }
  expect(interpreter.resetVariableTensors().ok(), "reset");
  expect(interpreter.invoke().ok() && interpreter.typedOutputTensor<float>(0)[0] == 2.0f,
         "the sum begins anew");
}

static void testSignatures() {
  tflc::Interpreter interpreter(encode_decode_model);
  expect(interpreter.signatureCount() == 2, "two signatures");
  tflc::SignatureRunner *encode = interpreter.signatureRunner("encode");
  tflc::SignatureRunner *decode = interpreter.signatureRunner("decode");
  expect(encode && decode && !interpreter.signatureRunner("transcode"), "found by their keys");
  expect(encode->allocateTensors().ok() && decode->allocateTensors().ok(), "both allocate");
  for (const char *name : {"image", "bias"})
    for (float &value : encode->typedInputTensor<float>(name))
      value = 0.25f;
  expect(!encode->typedInputTensor<float>("image").empty(), "inputs have names");
  expect(encode->invoke().ok(), "encode runs");
  auto code = encode->typedOutputTensor<float>("code");
  auto into = decode->typedInputTensor<float>("code");
  expect(code.size() == 8 && into.size() == 8, "the code has eight elements");
  std::copy(code.begin(), code.end(), into.begin());
  for (float &value : decode->typedInputTensor<float>("hint"))
    value = 0.0f;
  expect(decode->invoke().ok(), "decode runs");
  expect(decode->typedOutputTensor<float>("image").size() == 32, "the image has 32 elements");
  expect(decode->typedOutputTensor<float>("energy").size() == 1, "the energy is one element");
}

int main() {
  testVariables();
  testSignatures();
  return failures != 0;
}
