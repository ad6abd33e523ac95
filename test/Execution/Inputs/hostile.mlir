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
func.func @broadcast_to(%x: tensor<1x3xf32> {tfl.name = "broadcast_to_x"}, %s: tensor<3xi64> {tfl.name = "broadcast_to_s"}) -> (tensor<?x?x?xf32> {tfl.name = "broadcast_to_out0"}) attributes {tfl.signature = "broadcast_to"} {
  %y = tfl.broadcast_to %x, %s : (tensor<1x3xf32>, tensor<3xi64>) -> tensor<?x?x?xf32>
  return %y : tensor<?x?x?xf32>
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
func.func @unsorted_segment_sum(%x: tensor<6x2xf32> {tfl.name = "unsorted_segment_sum_x"}, %i: tensor<6xi32> {tfl.name = "unsorted_segment_sum_i"}, %n: tensor<i32> {tfl.name = "unsorted_segment_sum_n"}) -> (tensor<?x2xf32> {tfl.name = "unsorted_segment_sum_out0"}) attributes {tfl.signature = "unsorted_segment_sum"} {
  %y = tfl.unsorted_segment_sum %x, %i, %n : (tensor<6x2xf32>, tensor<6xi32>, tensor<i32>) -> tensor<?x2xf32>
  return %y : tensor<?x2xf32>
}
func.func @dynamic_update_slice(%x: tensor<6x5xi8> {tfl.name = "dynamic_update_slice_x"}, %u: tensor<2x3xi8> {tfl.name = "dynamic_update_slice_u"}, %i: tensor<2xi64> {tfl.name = "dynamic_update_slice_i"}) -> (tensor<6x5xi8> {tfl.name = "dynamic_update_slice_out0"}) attributes {tfl.signature = "dynamic_update_slice"} {
  %y = tfl.dynamic_update_slice %x, %u, %i : (tensor<6x5xi8>, tensor<2x3xi8>, tensor<2xi64>) -> tensor<6x5xi8>
  return %y : tensor<6x5xi8>
}
func.func @sparse_to_dense(%i: tensor<4x2xi64> {tfl.name = "sparse_to_dense_i"}, %v: tensor<4xf32> {tfl.name = "sparse_to_dense_v"}, %d: tensor<f32> {tfl.name = "sparse_to_dense_d"}) -> (tensor<5x6xf32> {tfl.name = "sparse_to_dense_out0"}) attributes {tfl.signature = "sparse_to_dense"} {
  %s = tfl.const dense<[5, 6]> : tensor<2xi64> -> tensor<2xi64>
  %y = tfl.sparse_to_dense %i, %s, %v, %d : (tensor<4x2xi64>, tensor<2xi64>, tensor<4xf32>, tensor<f32>) -> tensor<5x6xf32>
  return %y : tensor<5x6xf32>
}
func.func @reverse_sequence(%x: tensor<5x3xf32> {tfl.name = "reverse_sequence_x"}, %n: tensor<3xi64> {tfl.name = "reverse_sequence_n"}) -> (tensor<5x3xf32> {tfl.name = "reverse_sequence_out0"}) attributes {tfl.signature = "reverse_sequence"} {
  %y = tfl.reverse_sequence %x, %n {seq_dim = 0 : i32, batch_dim = 1 : i32} : (tensor<5x3xf32>, tensor<3xi64>) -> tensor<5x3xf32>
  return %y : tensor<5x3xf32>
}
func.func @one_hot(%i: tensor<5xi64> {tfl.name = "one_hot_i"}, %a: tensor<f32> {tfl.name = "one_hot_a"}, %b: tensor<f32> {tfl.name = "one_hot_b"}) -> (tensor<5x4xf32> {tfl.name = "one_hot_out0"}) attributes {tfl.signature = "one_hot"} {
  %n = tfl.const dense<4> : tensor<i32> -> tensor<i32>
  %y = tfl.one_hot %i, %n, %a, %b {axis = -1 : i32} : (tensor<5xi64>, tensor<i32>, tensor<f32>, tensor<f32>) -> tensor<5x4xf32>
  return %y : tensor<5x4xf32>
}
func.func @hashtable(%k: tensor<6xi64> {tfl.name = "hashtable_k"}) -> (tensor<6xui256> {tfl.name = "hashtable_out0"}) attributes {tfl.signature = "hashtable"} {
  %h = tfl.hashtable {table_id = 7 : i32, key_dtype = "INT64", value_dtype = "STRING"} : () -> tensor<1x!tfl.resource>
  %keys = tfl.const dense<[3, -2, 1]> : tensor<3xi64> -> tensor<3xi64>
  %values = tfl.const dense<[24929, 25186, 99]> : tensor<3xui256> -> tensor<3xui256>
  %d = tfl.const dense<63> : tensor<1xui256> -> tensor<1xui256>
  tfl.hashtable_import %h, %keys, %values : (tensor<1x!tfl.resource>, tensor<3xi64>, tensor<3xui256>) -> ()
  %y = tfl.hashtable_find %h, %k, %d : (tensor<1x!tfl.resource>, tensor<6xi64>, tensor<1xui256>) -> tensor<6xui256>
  return %y : tensor<6xui256>
}
func.func @multinomial(%x: tensor<3x4xf32> {tfl.name = "multinomial_x"}, %n: tensor<i32> {tfl.name = "multinomial_n"}) -> (tensor<3x?xi32> {tfl.name = "multinomial_out0"}) attributes {tfl.signature = "multinomial"} {
  %y = tfl.multinomial %x, %n {seed = 39 : i64, seed2 = 33 : i64} : (tensor<3x4xf32>, tensor<i32>) -> tensor<3x?xi32>
  return %y : tensor<3x?xi32>
}
func.func @bucketize(%x: tensor<7xf32> {tfl.name = "bucketize_x"}) -> (tensor<7xi32> {tfl.name = "bucketize_out0"}) attributes {tfl.signature = "bucketize"} {
  %y = tfl.bucketize %x {boundaries = array<f32: -1.0, 0.0, 2.0>} : (tensor<7xf32>) -> tensor<7xi32>
  return %y : tensor<7xi32>
}
func.func @stablehlo_gather(%x: tensor<5x3xf32> {tfl.name = "stablehlo_gather_x"}, %i: tensor<4x1xi64> {tfl.name = "stablehlo_gather_i"}) -> (tensor<4x3xf32> {tfl.name = "stablehlo_gather_out0"}) attributes {tfl.signature = "stablehlo_gather"} {
  %y = tfl.stablehlo_gather %x, %i {offset_dims = array<i64: 1>, collapsed_slice_dims = array<i64: 0>, start_index_map = array<i64: 0>, index_vector_dim = 1 : i64, slice_sizes = array<i64: 1, 3>, indices_are_sorted = false} : (tensor<5x3xf32>, tensor<4x1xi64>) -> tensor<4x3xf32>
  return %y : tensor<4x3xf32>
}
func.func @strided_slice(%x: tensor<5x4xf32> {tfl.name = "strided_slice_x"}, %b: tensor<2xi32> {tfl.name = "strided_slice_b"}, %e: tensor<2xi32> {tfl.name = "strided_slice_e"}) -> (tensor<?x?xf32> {tfl.name = "strided_slice_out0"}) attributes {tfl.signature = "strided_slice"} {
  %s = tfl.const dense<[2, -1]> : tensor<2xi32> -> tensor<2xi32>
  %y = tfl.strided_slice %x, %b, %e, %s {begin_mask = 0 : i32, end_mask = 0 : i32, ellipsis_mask = 0 : i32, new_axis_mask = 0 : i32, shrink_axis_mask = 0 : i32} : (tensor<5x4xf32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}
func.func @mirror_pad(%x: tensor<4x3xf32> {tfl.name = "mirror_pad_x"}, %p: tensor<2x2xi32> {tfl.name = "mirror_pad_p"}) -> (tensor<?x?xf32> {tfl.name = "mirror_pad_out0"}) attributes {tfl.signature = "mirror_pad"} {
  %y = tfl.mirror_pad %x, %p {mode = "REFLECT"} : (tensor<4x3xf32>, tensor<2x2xi32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}
func.func @fed_sums(%x: tensor<3x4xf32> {tfl.name = "fed_sums_x"}, %a: tensor<i32> {tfl.name = "fed_sums_a"}) -> (tensor<3x4xf32> {tfl.name = "fed_sums_out0"}) attributes {tfl.signature = "fed_sums"} {
  %y = tfl.cumsum %x, %a {exclusive = true, reverse = true} : (tensor<3x4xf32>, tensor<i32>) -> tensor<3x4xf32>
  return %y : tensor<3x4xf32>
}
func.func @fed_reverse(%x: tensor<3x4xi8> {tfl.name = "fed_reverse_x"}, %a: tensor<2xi32> {tfl.name = "fed_reverse_a"}) -> (tensor<3x4xi8> {tfl.name = "fed_reverse_out0"}) attributes {tfl.signature = "fed_reverse"} {
  %y = tfl.reverse_v2 %x, %a : (tensor<3x4xi8>, tensor<2xi32>) -> tensor<3x4xi8>
  return %y : tensor<3x4xi8>
}
func.func @fed_transpose(%x: tensor<2x3x4xi16> {tfl.name = "fed_transpose_x"}, %p: tensor<3xi32> {tfl.name = "fed_transpose_p"}) -> (tensor<?x?x?xi16> {tfl.name = "fed_transpose_out0"}) attributes {tfl.signature = "fed_transpose"} {
  %y = tfl.transpose %x, %p : (tensor<2x3x4xi16>, tensor<3xi32>) -> tensor<?x?x?xi16>
  return %y : tensor<?x?x?xi16>
}
func.func @fed_maximum(%x: tensor<2x3x4xf32> {tfl.name = "fed_maximum_x"}, %a: tensor<2xi32> {tfl.name = "fed_maximum_a"}) -> (tensor<?xf32> {tfl.name = "fed_maximum_out0"}) attributes {tfl.signature = "fed_maximum"} {
  %y = tfl.reduce_max %x, %a {keep_dims = false} : (tensor<2x3x4xf32>, tensor<2xi32>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}
