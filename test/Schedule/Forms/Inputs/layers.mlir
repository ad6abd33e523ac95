// Typical layers, as the choice of strategies sees them: convolutions of 3x3 and 1x1, fully connected layers, depthwise
// windows, means, sums and an addition. Rows of bytes are signed, or unsigned as
// tflc-unsigned-activations makes them; rows of words are those of models with activations of 16 bits.
// Convolutions run while another buffer is alive, so that the arena may grow for them.
#image = affine_map<(h, w, n, i, j, c) -> (h + i, w + j, c)>
#filter = affine_map<(h, w, n, i, j, c) -> (n, i, j, c)>
#result = affine_map<(h, w, n, i, j, c) -> (h, w, n)>
#vector = affine_map<(n, k) -> (k)>
#matrix = affine_map<(n, k) -> (n, k)>
#column = affine_map<(n, k) -> (n)>
#window = affine_map<(h, w, c, i, j) -> (h + i, w + j, c)>
#tap = affine_map<(h, w, c, i, j) -> (i, j, c)>
#pixel = affine_map<(h, w, c, i, j) -> (h, w, c)>
#pixels = affine_map<(c, k) -> (k, c)>
#channel = affine_map<(c, k) -> (c)>
#all = affine_map<(i) -> (i)>

memref.global "private" constant @conv3x3_weights : memref<32x3x3x32xi8> = dense<3>
func.func @conv3x3(%x: memref<34x34x32xi8>, %y: memref<32x32x32xi32>) {
  %zero = arith.constant 0 : i32
  %byte = arith.constant 0 : i8
  %other = memref.alloc() : memref<4194304xi8>
  linalg.fill ins(%byte : i8) outs(%other : memref<4194304xi8>)
  %w = memref.get_global @conv3x3_weights : memref<32x3x3x32xi8>
  linalg.fill ins(%zero : i32) outs(%y : memref<32x32x32xi32>)
  linalg.generic {indexing_maps = [#image, #filter, #result],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%x, %w : memref<34x34x32xi8>, memref<32x3x3x32xi8>) outs(%y : memref<32x32x32xi32>) {
  ^bb0(%a: i8, %b: i8, %s: i32):
    %a32 = arith.extsi %a : i8 to i32
    %b32 = arith.extsi %b : i8 to i32
    %p = arith.muli %a32, %b32 : i32
    %r = arith.addi %s, %p : i32
    linalg.yield %r : i32
  }
  linalg.fill ins(%byte : i8) outs(%other : memref<4194304xi8>)
  return
}

memref.global "private" constant @conv3x3_unsigned_weights : memref<32x3x3x32xi8> = dense<3>
func.func @conv3x3_unsigned(%x: memref<34x34x32xi8>, %y: memref<32x32x32xi32>) {
  %zero = arith.constant 0 : i32
  %byte = arith.constant 0 : i8
  %other = memref.alloc() : memref<4194304xi8>
  linalg.fill ins(%byte : i8) outs(%other : memref<4194304xi8>)
  %w = memref.get_global @conv3x3_unsigned_weights : memref<32x3x3x32xi8>
  linalg.fill ins(%zero : i32) outs(%y : memref<32x32x32xi32>)
  linalg.generic {indexing_maps = [#image, #filter, #result],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%x, %w : memref<34x34x32xi8>, memref<32x3x3x32xi8>) outs(%y : memref<32x32x32xi32>) {
  ^bb0(%a: i8, %b: i8, %s: i32):
    %a32 = arith.extui %a : i8 to i32
    %b32 = arith.extsi %b : i8 to i32
    %p = arith.muli %a32, %b32 : i32
    %r = arith.addi %s, %p : i32
    linalg.yield %r : i32
  }
  linalg.fill ins(%byte : i8) outs(%other : memref<4194304xi8>)
  return
}

memref.global "private" constant @conv3x3_words_weights : memref<32x3x3x32xi8> = dense<3>
func.func @conv3x3_words(%x: memref<34x34x32xi16>, %y: memref<32x32x32xi32>) {
  %zero = arith.constant 0 : i32
  %byte = arith.constant 0 : i8
  %other = memref.alloc() : memref<4194304xi8>
  linalg.fill ins(%byte : i8) outs(%other : memref<4194304xi8>)
  %w = memref.get_global @conv3x3_words_weights : memref<32x3x3x32xi8>
  linalg.fill ins(%zero : i32) outs(%y : memref<32x32x32xi32>)
  linalg.generic {indexing_maps = [#image, #filter, #result],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%x, %w : memref<34x34x32xi16>, memref<32x3x3x32xi8>) outs(%y : memref<32x32x32xi32>) {
  ^bb0(%a: i16, %b: i8, %s: i32):
    %a32 = arith.extsi %a : i16 to i32
    %b32 = arith.extsi %b : i8 to i32
    %p = arith.muli %a32, %b32 : i32
    %r = arith.addi %s, %p : i32
    linalg.yield %r : i32
  }
  linalg.fill ins(%byte : i8) outs(%other : memref<4194304xi8>)
  return
}

memref.global "private" constant @conv1x1_weights : memref<128x1x1x128xi8> = dense<3>
func.func @conv1x1(%x: memref<32x32x128xi8>, %y: memref<32x32x128xi32>) {
  %zero = arith.constant 0 : i32
  %byte = arith.constant 0 : i8
  %other = memref.alloc() : memref<4194304xi8>
  linalg.fill ins(%byte : i8) outs(%other : memref<4194304xi8>)
  %w = memref.get_global @conv1x1_weights : memref<128x1x1x128xi8>
  linalg.fill ins(%zero : i32) outs(%y : memref<32x32x128xi32>)
  linalg.generic {indexing_maps = [#image, #filter, #result],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%x, %w : memref<32x32x128xi8>, memref<128x1x1x128xi8>) outs(%y : memref<32x32x128xi32>) {
  ^bb0(%a: i8, %b: i8, %s: i32):
    %a32 = arith.extsi %a : i8 to i32
    %b32 = arith.extsi %b : i8 to i32
    %p = arith.muli %a32, %b32 : i32
    %r = arith.addi %s, %p : i32
    linalg.yield %r : i32
  }
  linalg.fill ins(%byte : i8) outs(%other : memref<4194304xi8>)
  return
}

memref.global "private" constant @conv1x1_unsigned_weights : memref<128x1x1x128xi8> = dense<3>
func.func @conv1x1_unsigned(%x: memref<32x32x128xi8>, %y: memref<32x32x128xi32>) {
  %zero = arith.constant 0 : i32
  %byte = arith.constant 0 : i8
  %other = memref.alloc() : memref<4194304xi8>
  linalg.fill ins(%byte : i8) outs(%other : memref<4194304xi8>)
  %w = memref.get_global @conv1x1_unsigned_weights : memref<128x1x1x128xi8>
  linalg.fill ins(%zero : i32) outs(%y : memref<32x32x128xi32>)
  linalg.generic {indexing_maps = [#image, #filter, #result],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%x, %w : memref<32x32x128xi8>, memref<128x1x1x128xi8>) outs(%y : memref<32x32x128xi32>) {
  ^bb0(%a: i8, %b: i8, %s: i32):
    %a32 = arith.extui %a : i8 to i32
    %b32 = arith.extsi %b : i8 to i32
    %p = arith.muli %a32, %b32 : i32
    %r = arith.addi %s, %p : i32
    linalg.yield %r : i32
  }
  linalg.fill ins(%byte : i8) outs(%other : memref<4194304xi8>)
  return
}

memref.global "private" constant @conv3x3_float_weights : memref<32x3x3x32xf32> = dense<0.5>
func.func @conv3x3_float(%x: memref<34x34x32xf32>, %y: memref<32x32x32xf32>) {
  %zero = arith.constant 0.0 : f32
  %byte = arith.constant 0 : i8
  %other = memref.alloc() : memref<4194304xi8>
  linalg.fill ins(%byte : i8) outs(%other : memref<4194304xi8>)
  %w = memref.get_global @conv3x3_float_weights : memref<32x3x3x32xf32>
  linalg.fill ins(%zero : f32) outs(%y : memref<32x32x32xf32>)
  linalg.generic {indexing_maps = [#image, #filter, #result],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%x, %w : memref<34x34x32xf32>, memref<32x3x3x32xf32>) outs(%y : memref<32x32x32xf32>) {
  ^bb0(%a: f32, %b: f32, %s: f32):
    %p = arith.mulf %a, %b : f32
    %r = arith.addf %s, %p : f32
    linalg.yield %r : f32
  }
  linalg.fill ins(%byte : i8) outs(%other : memref<4194304xi8>)
  return
}

memref.global "private" constant @dense_weights : memref<128x640xi8> = dense<3>
func.func @dense(%x: memref<640xi8>, %y: memref<128xi32>) {
  %zero = arith.constant 0 : i32
  %w = memref.get_global @dense_weights : memref<128x640xi8>
  linalg.fill ins(%zero : i32) outs(%y : memref<128xi32>)
  linalg.generic {indexing_maps = [#vector, #matrix, #column], iterator_types = ["parallel", "reduction"]}
      ins(%x, %w : memref<640xi8>, memref<128x640xi8>) outs(%y : memref<128xi32>) {
  ^bb0(%a: i8, %b: i8, %s: i32):
    %a32 = arith.extsi %a : i8 to i32
    %b32 = arith.extsi %b : i8 to i32
    %p = arith.muli %a32, %b32 : i32
    %r = arith.addi %s, %p : i32
    linalg.yield %r : i32
  }
  return
}

memref.global "private" constant @few_columns_weights : memref<10x640xi8> = dense<3>
func.func @few_columns(%x: memref<640xi8>, %y: memref<10xi32>) {
  %zero = arith.constant 0 : i32
  %w = memref.get_global @few_columns_weights : memref<10x640xi8>
  linalg.fill ins(%zero : i32) outs(%y : memref<10xi32>)
  linalg.generic {indexing_maps = [#vector, #matrix, #column], iterator_types = ["parallel", "reduction"]}
      ins(%x, %w : memref<640xi8>, memref<10x640xi8>) outs(%y : memref<10xi32>) {
  ^bb0(%a: i8, %b: i8, %s: i32):
    %a32 = arith.extsi %a : i8 to i32
    %b32 = arith.extsi %b : i8 to i32
    %p = arith.muli %a32, %b32 : i32
    %r = arith.addi %s, %p : i32
    linalg.yield %r : i32
  }
  return
}

memref.global "private" constant @depthwise_weights : memref<3x3x32xi8> = dense<3>
func.func @depthwise(%x: memref<16x16x32xi8>, %y: memref<14x14x32xi32>) {
  %zero = arith.constant 0 : i32
  %w = memref.get_global @depthwise_weights : memref<3x3x32xi8>
  linalg.fill ins(%zero : i32) outs(%y : memref<14x14x32xi32>)
  linalg.generic {indexing_maps = [#window, #tap, #pixel],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %w : memref<16x16x32xi8>, memref<3x3x32xi8>) outs(%y : memref<14x14x32xi32>) {
  ^bb0(%a: i8, %b: i8, %s: i32):
    %a32 = arith.extsi %a : i8 to i32
    %b32 = arith.extsi %b : i8 to i32
    %p = arith.muli %a32, %b32 : i32
    %r = arith.addi %s, %p : i32
    linalg.yield %r : i32
  }
  return
}

func.func @depthwise_unsigned(%x: memref<16x16x32xi8>, %y: memref<14x14x32xi32>) {
  %zero = arith.constant 0 : i32
  %w = memref.get_global @depthwise_weights : memref<3x3x32xi8>
  linalg.fill ins(%zero : i32) outs(%y : memref<14x14x32xi32>)
  linalg.generic {indexing_maps = [#window, #tap, #pixel],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %w : memref<16x16x32xi8>, memref<3x3x32xi8>) outs(%y : memref<14x14x32xi32>) {
  ^bb0(%a: i8, %b: i8, %s: i32):
    %a32 = arith.extui %a : i8 to i32
    %b32 = arith.extsi %b : i8 to i32
    %p = arith.muli %a32, %b32 : i32
    %r = arith.addi %s, %p : i32
    linalg.yield %r : i32
  }
  return
}

func.func @mean(%x: memref<49x64xi8>, %y: memref<64xi32>) {
  %zero = arith.constant 0 : i32
  linalg.fill ins(%zero : i32) outs(%y : memref<64xi32>)
  linalg.generic {indexing_maps = [#pixels, #channel], iterator_types = ["parallel", "reduction"]}
      ins(%x : memref<49x64xi8>) outs(%y : memref<64xi32>) {
  ^bb0(%a: i8, %s: i32):
    %a32 = arith.extsi %a : i8 to i32
    %r = arith.addi %s, %a32 : i32
    linalg.yield %r : i32
  }
  return
}

func.func @row_sums(%x: memref<8x1000xf32>, %y: memref<8xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<8xf32>)
  linalg.generic {indexing_maps = [#matrix, #column], iterator_types = ["parallel", "reduction"]}
      ins(%x : memref<8x1000xf32>) outs(%y : memref<8xf32>) {
  ^bb0(%a: f32, %s: f32):
    %r = arith.addf %s, %a : f32
    linalg.yield %r : f32
  }
  return
}

func.func @add(%x: memref<3136xf32>, %z: memref<3136xf32>, %y: memref<3136xf32>) {
  linalg.generic {indexing_maps = [#all, #all, #all], iterator_types = ["parallel"]}
      ins(%x, %z : memref<3136xf32>, memref<3136xf32>) outs(%y : memref<3136xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %r = arith.addf %a, %b : f32
    linalg.yield %r : f32
  }
  return
}

memref.global "private" constant @depthwise_words_weights : memref<3x3x32xi8> = dense<3>
func.func @depthwise_words(%x: memref<16x16x32xi16>, %y: memref<14x14x32xi32>) {
  %zero = arith.constant 0 : i32
  %w = memref.get_global @depthwise_words_weights : memref<3x3x32xi8>
  linalg.fill ins(%zero : i32) outs(%y : memref<14x14x32xi32>)
  linalg.generic {indexing_maps = [#window, #tap, #pixel],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%x, %w : memref<16x16x32xi16>, memref<3x3x32xi8>) outs(%y : memref<14x14x32xi32>) {
  ^bb0(%a: i16, %b: i8, %s: i32):
    %a32 = arith.extsi %a : i16 to i32
    %b32 = arith.extsi %b : i8 to i32
    %p = arith.muli %a32, %b32 : i32
    %r = arith.addi %s, %p : i32
    linalg.yield %r : i32
  }
  return
}
