// Names of numbers, and numbers of names. Two tables are filled by a function that runs once.
module {
  func.func @main(%x: tensor<4xi64> {tfl.name = "numbers"}, %t: tensor<2x2xui256> {tfl.name = "texts"})
      -> (tensor<4xui256> {tfl.name = "names"}, tensor<2x2xi64> {tfl.name = "found"}, tensor<1xi64> {tfl.name = "size"}, tensor<2xui256> {tfl.name = "picked"}) attributes {tfl.signature = "serving_default"} {
    tfl.call_once {init_subgraph = @init} : () -> ()
    %names = tfl.hashtable {table_id = 7 : i32, key_dtype = "INT64", value_dtype = "STRING"} : () -> tensor<1x!tfl.resource>
    %numbers = tfl.hashtable {table_id = 8 : i32, key_dtype = "STRING", value_dtype = "INT64"} : () -> tensor<1x!tfl.resource>
    // "unknown"
    %unknown = tfl.const dense<31093567915781749> : tensor<1xui256> -> tensor<1xui256>
    %minus = tfl.const dense<-1> : tensor<i64> -> tensor<i64>
    %0 = tfl.hashtable_find %names, %x, %unknown : (tensor<1x!tfl.resource>, tensor<4xi64>, tensor<1xui256>) -> tensor<4xui256>
    %1 = tfl.hashtable_find %numbers, %t, %minus : (tensor<1x!tfl.resource>, tensor<2x2xui256>, tensor<i64>) -> tensor<2x2xi64>
    %2 = tfl.hashtable_size %names : (tensor<1x!tfl.resource>) -> tensor<1xi64>
    %places = tfl.const dense<[3, 0]> : tensor<2xi32> -> tensor<2xi32>
    %3 = tfl.gather %0, %places : (tensor<4xui256>, tensor<2xi32>) -> tensor<2xui256>
    return %0, %1, %2, %3 : tensor<4xui256>, tensor<2x2xi64>, tensor<1xi64>, tensor<2xui256>
  }
  func.func private @init() {
    %names = tfl.hashtable {table_id = 7 : i32, key_dtype = "INT64", value_dtype = "STRING"} : () -> tensor<1x!tfl.resource>
    %numbers = tfl.hashtable {table_id = 8 : i32, key_dtype = "STRING", value_dtype = "INT64"} : () -> tensor<1x!tfl.resource>
    // The second 5 does not count. "two", "five", "cinq", "minus"
    %keys = tfl.const dense<[2, 5, 5, -1]> : tensor<4xi64> -> tensor<4xi64>
    %texts = tfl.const dense<[7305076, 1702259046, 1903061347, 495891409261]> : tensor<4xui256> -> tensor<4xui256>
    tfl.hashtable_import %names, %keys, %texts : (tensor<1x!tfl.resource>, tensor<4xi64>, tensor<4xui256>) -> ()
    tfl.hashtable_import %numbers, %texts, %keys : (tensor<1x!tfl.resource>, tensor<4xui256>, tensor<4xi64>) -> ()
    return
  }
}
