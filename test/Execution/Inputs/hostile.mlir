// Operators whose indices, sizes and positions come from data; hostile-data.test feeds them.
func.func @gather(%x: tensor<7x3xf32> {tfl.name = "gather_x"}, %i: tensor<5xi32> {tfl.name = "gather_i"}) -> (tensor<5x3xf32> {tfl.name = "gather_out0"}) attributes {tfl.signature = "gather"} {
  %y = tfl.gather %x, %i : (tensor<7x3xf32>, tensor<5xi32>) -> tensor<5x3xf32>
  return %y : tensor<5x3xf32>
}
func.func @gather_nd(%x: tensor<4x5x2xi16> {tfl.name = "gather_nd_x"}, %i: tensor<6x2xi64> {tfl.name = "gather_nd_i"}) -> (tensor<6x2xi16> {tfl.name = "gather_nd_out0"}) attributes {tfl.signature = "gather_nd"} {
  %y = tfl.gather_nd %x, %i : (tensor<4x5x2xi16>, tensor<6x2xi64>) -> tensor<6x2xi16>
  return %y : tensor<6x2xi16>
}
func.func @embedding_lookup(%i: tensor<4xi32> {tfl.name = "embedding_lookup_i"}, %x: tensor<9x3xf32> {tfl.name = "embedding_lookup_x"}) -> (tensor<4x3xf32> {tfl.name = "embedding_lookup_out0"}) attributes {tfl.signature = "embedding_lookup"} {
  %y = tfl.embedding_lookup %i, %x : (tensor<4xi32>, tensor<9x3xf32>) -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}
func.func @embedding_lookup_sparse(%i: tensor<5xi32> {tfl.name = "embedding_lookup_sparse_i"}, %p: tensor<5x2xi32> {tfl.name = "embedding_lookup_sparse_p"}, %w: tensor<5xf32> {tfl.name = "embedding_lookup_sparse_w"}, %x: tensor<6x4xf32> {tfl.name = "embedding_lookup_sparse_x"}) -> (tensor<3x4xf32> {tfl.name = "embedding_lookup_sparse_out0"}) attributes {tfl.signature = "embedding_lookup_sparse"} {
  %s = tfl.const dense<[3, 2]> : tensor<2xi32> -> tensor<2xi32>
  %y = tfl.embedding_lookup_sparse %i, %p, %s, %w, %x {combiner = "MEAN"} : (tensor<5xi32>, tensor<5x2xi32>, tensor<2xi32>, tensor<5xf32>, tensor<6x4xf32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}
func.func @hashtable_lookup(%k: tensor<3xi32> {tfl.name = "hashtable_lookup_k"}, %keys: tensor<5xi32> {tfl.name = "hashtable_lookup_keys"}, %x: tensor<5x2xf32> {tfl.name = "hashtable_lookup_x"}) -> (tensor<3x2xf32> {tfl.name = "hashtable_lookup_out0"}, tensor<3xui8> {tfl.name = "hashtable_lookup_out1"}) attributes {tfl.signature = "hashtable_lookup"} {
  %y, %h = tfl.hashtable_lookup %k, %keys, %x : (tensor<3xi32>, tensor<5xi32>, tensor<5x2xf32>) -> (tensor<3x2xf32>, tensor<3xui8>)
  return %y, %h : tensor<3x2xf32>, tensor<3xui8>
}
func.func @topk(%x: tensor<3x8xf32> {tfl.name = "topk_x"}, %k: tensor<i32> {tfl.name = "topk_k"}) -> (tensor<3x?xf32> {tfl.name = "topk_out0"}, tensor<3x?xi32> {tfl.name = "topk_out1"}) attributes {tfl.signature = "topk"} {
  %y, %i = tfl.topk_v2 %x, %k : (tensor<3x8xf32>, tensor<i32>) -> (tensor<3x?xf32>, tensor<3x?xi32>)
  return %y, %i : tensor<3x?xf32>, tensor<3x?xi32>
}
func.func @where(%x: tensor<5x3xi32> {tfl.name = "where_x"}) -> (tensor<?x2xi64> {tfl.name = "where_out0"}) attributes {tfl.signature = "where"} {
  %y = tfl.where %x : (tensor<5x3xi32>) -> tensor<?x2xi64>
  return %y : tensor<?x2xi64>
}
func.func @unique(%x: tensor<9xf32> {tfl.name = "unique_x"}) -> (tensor<?xf32> {tfl.name = "unique_out0"}, tensor<9xi32> {tfl.name = "unique_out1"}) attributes {tfl.signature = "unique"} {
  %y, %i = tfl.unique %x : (tensor<9xf32>) -> (tensor<?xf32>, tensor<9xi32>)
  return %y, %i : tensor<?xf32>, tensor<9xi32>
}
func.func @nms(%b: tensor<9x4xf32> {tfl.name = "nms_b"}, %s: tensor<9xf32> {tfl.name = "nms_s"}, %n: tensor<i32> {tfl.name = "nms_n"}, %t: tensor<f32> {tfl.name = "nms_t"}, %c: tensor<f32> {tfl.name = "nms_c"}, %d: tensor<f32> {tfl.name = "nms_d"}) -> (tensor<?xi32> {tfl.name = "nms_out0"}, tensor<?xf32> {tfl.name = "nms_out1"}, tensor<i32> {tfl.name = "nms_out2"}) attributes {tfl.signature = "nms"} {
  %y, %z, %v = tfl.non_max_suppression_v5 %b, %s, %n, %t, %c, %d : (tensor<9x4xf32>, tensor<9xf32>, tensor<i32>, tensor<f32>, tensor<f32>, tensor<f32>) -> (tensor<?xi32>, tensor<?xf32>, tensor<i32>)
  return %y, %z, %v : tensor<?xi32>, tensor<?xf32>, tensor<i32>
}
func.func @scatter_nd(%i: tensor<4x1xi32> {tfl.name = "scatter_nd_i"}, %u: tensor<4x3xf32> {tfl.name = "scatter_nd_u"}) -> (tensor<8x3xf32> {tfl.name = "scatter_nd_out0"}) attributes {tfl.signature = "scatter_nd"} {
  %s = tfl.const dense<[8, 3]> : tensor<2xi32> -> tensor<2xi32>
  %y = tfl.scatter_nd %i, %u, %s : (tensor<4x1xi32>, tensor<4x3xf32>, tensor<2xi32>) -> tensor<8x3xf32>
  return %y : tensor<8x3xf32>
}
func.func @segment_sum(%x: tensor<6x2xf32> {tfl.name = "segment_sum_x"}, %i: tensor<6xi32> {tfl.name = "segment_sum_i"}) -> (tensor<?x2xf32> {tfl.name = "segment_sum_out0"}) attributes {tfl.signature = "segment_sum"} {
  %y = tfl.segment_sum %x, %i : (tensor<6x2xf32>, tensor<6xi32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}
func.func @reshape(%x: tensor<12xf32> {tfl.name = "reshape_x"}, %s: tensor<2xi32> {tfl.name = "reshape_s"}) -> (tensor<?x?xf32> {tfl.name = "reshape_out0"}) attributes {tfl.signature = "reshape"} {
  %y = tfl.reshape %x, %s : (tensor<12xf32>, tensor<2xi32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}
func.func @fill(%s: tensor<2xi32> {tfl.name = "fill_s"}, %v: tensor<f32> {tfl.name = "fill_v"}) -> (tensor<?x?xf32> {tfl.name = "fill_out0"}) attributes {tfl.signature = "fill"} {
  %y = tfl.fill %s, %v : (tensor<2xi32>, tensor<f32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}
func.func @range(%a: tensor<i32> {tfl.name = "range_a"}, %b: tensor<i32> {tfl.name = "range_b"}, %c: tensor<i32> {tfl.name = "range_c"}) -> (tensor<?xi32> {tfl.name = "range_out0"}) attributes {tfl.signature = "range"} {
  %y = tfl.range %a, %b, %c : (tensor<i32>, tensor<i32>, tensor<i32>) -> tensor<?xi32>
  return %y : tensor<?xi32>
}
func.func @tile(%x: tensor<3x2xi8> {tfl.name = "tile_x"}, %m: tensor<2xi32> {tfl.name = "tile_m"}) -> (tensor<?x?xi8> {tfl.name = "tile_out0"}) attributes {tfl.signature = "tile"} {
  %y = tfl.tile %x, %m : (tensor<3x2xi8>, tensor<2xi32>) -> tensor<?x?xi8>
  return %y : tensor<?x?xi8>
}
func.func @slice(%x: tensor<5x4xf32> {tfl.name = "slice_x"}, %b: tensor<2xi32> {tfl.name = "slice_b"}, %s: tensor<2xi32> {tfl.name = "slice_s"}) -> (tensor<?x?xf32> {tfl.name = "slice_out0"}) attributes {tfl.signature = "slice"} {
  %y = tfl.slice %x, %b, %s : (tensor<5x4xf32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}
func.func @pad(%x: tensor<3x2xf32> {tfl.name = "pad_x"}, %p: tensor<2x2xi32> {tfl.name = "pad_p"}) -> (tensor<?x?xf32> {tfl.name = "pad_out0"}) attributes {tfl.signature = "pad"} {
  %y = tfl.pad %x, %p : (tensor<3x2xf32>, tensor<2x2xi32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}
func.func @where_then_gather(%x: tensor<6xf32> {tfl.name = "where_then_gather_x"}, %c: tensor<6xi1> {tfl.name = "where_then_gather_c"}) -> (tensor<?xf32> {tfl.name = "where_then_gather_out0"}) attributes {tfl.signature = "where_then_gather"} {
  %p = tfl.where %c : (tensor<6xi1>) -> tensor<?x1xi64>
  %y = tfl.gather_nd %x, %p : (tensor<6xf32>, tensor<?x1xi64>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}
