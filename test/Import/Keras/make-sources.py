"""Makes the sources of test/Import/Keras/Inputs, with inputs and the outputs that Keras computes.

    python make-sources.py Inputs

Needs keras 3 and tf-keras (Keras 2), with TensorFlow. Weights and inputs are seeded.
"""

import json
import os
import sys
from functools import partial

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py
import keras
import numpy as np
import tensorflow as tf
import tf_keras
from keras import ops

FOLDER = sys.argv[1]


def record(name, model, path, inputs, outputs):
    """Saves the model, and arrays `in/NAME` and `out/NAME` by the names of its signature."""
    model.save(path)
    values = model(list(inputs.values()) if len(inputs) > 1 else next(iter(inputs.values())))
    values = values if isinstance(values, (list, tuple)) else [values]
    arrays = {f"in/{key}": value for key, value in inputs.items()}
    arrays |= {f"out/{key}": np.asarray(value) for key, value in zip(outputs, values, strict=True)}
    np.savez_compressed(os.path.join(FOLDER, name + ".npz"), **arrays)


def keras3(name, inputs, outputs, samples):
    model = keras.Model(inputs, outputs)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([w + np.abs(RANDOM.standard_normal(w.shape)) * 0.3 for w in layer.get_weights()])
    count = len(outputs) if isinstance(outputs, list) else 1
    record(name, model, os.path.join(FOLDER, name + ".keras"), samples, [f"output_{i}" for i in range(count)])


def draw(*shape):
    return RANDOM.standard_normal(shape).astype(np.float32)


RANDOM = np.random.default_rng(1)
keras.utils.set_random_seed(1)
tf_keras.utils.set_random_seed(1)
L = keras.layers

image = keras.Input((12, 10, 3), name="image")
x = L.Conv2D(6, 3, strides=2, padding="same", activation="relu")(image)
x = L.BatchNormalization()(x)
x = L.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
x = L.ReLU(6.0)(x)
side = L.SeparableConv2D(8, 3, dilation_rate=2, padding="same", activation="silu")(x)
x = L.Conv2DTranspose(4, 3, strides=2, padding="same")(side)
x = L.Cropping2D(((1, 0), (0, 2)))(x)
x = L.ZeroPadding2D((1, 2))(x)
keras3(
    "pictures",
    image,
    [x, L.GlobalAveragePooling2D(keepdims=True)(side), L.UpSampling2D(2)(side)],
    {"image": draw(2, 12, 10, 3)},
)

line = keras.Input((9, 4), name="line")
x = L.Conv1D(5, 3, padding="causal", dilation_rate=2, activation="tanh")(line)
x = L.MaxPooling1D(2)(x)
x = L.Conv1DTranspose(3, 3, strides=2)(x)
keras3(
    "lines",
    line,
    [x, L.AveragePooling1D(3, 1, padding="same")(line), L.AdaptiveAveragePooling1D(4)(line)],
    {"line": draw(2, 9, 4)},
)

a, b = keras.Input((5, 6), name="b_first"), keras.Input((5, 6), name="a_second")
shared = L.Dense(6, activation="gelu", name="shared")
x = L.Add()([shared(a), shared(b)])
inner = keras.Sequential([keras.Input((5, 6)), L.Dense(4), L.LayerNormalization()], name="inner")
keras3(
    "merges",
    [a, b],
    [
        L.Concatenate(axis=1)([x, a]),
        L.Dot(axes=2, normalize=True)([a, b]),
        inner(L.Average()([a, b, x])),
        L.Flatten()(L.Maximum()([a, b])),
    ],
    {"b_first": draw(2, 5, 6), "a_second": draw(2, 5, 6)},
)

x = keras.Input((6, 8), name="rows", batch_size=2)
keras3(
    "norms",
    x,
    [
        L.LayerNormalization()(x),
        L.GroupNormalization(4)(x),
        L.RMSNormalization()(x),
        L.UnitNormalization()(x),
        L.TimeDistributed(L.Dense(3, activation="softmax"))(x),
        L.PReLU(shared_axes=[1])(x),
    ],
    {"rows": draw(2, 6, 8)},
)

tokens = keras.Input((7,), dtype="int32", name="tokens")
x = L.Embedding(11, 8)(tokens)
y = L.MultiHeadAttention(2, 3)(x, x)
y = L.GroupQueryAttention(3, 4, 2)(y, x)
keras3(
    "attention",
    tokens,
    [L.AdditiveAttention()([y, x]), L.Attention(use_scale=True)([y, x])],
    {"tokens": RANDOM.integers(0, 11, (2, 7)).astype(np.int32)},
)

photo = keras.Input((8, 10, 3), dtype="uint8", name="photo")
x = L.Rescaling(1 / 127.5, -1)(photo)
x = L.Resizing(6, 12)(x)
x = L.CenterCrop(5, 6)(x)
x = L.Normalization(mean=[0.1, -0.2, 0.0], variance=[0.5, 1.0, 2.0])(x)
keras3("preprocessing", photo, L.Permute((3, 1, 2))(x), {"photo": RANDOM.integers(0, 255, (2, 8, 10, 3)).astype(np.uint8)})

x, y = keras.Input((6, 8), name="x"), keras.Input((6, 8), name="y")
keras3(
    "operations",
    [x, y],
    [
        ops.where(x > y, x, 0.5),
        ops.concatenate([x[:, 1:3], y[:, -2:]], axis=1) * 2,
        ops.matmul(x, ops.transpose(y, (0, 2, 1))) - 1,
        ops.std(x, axis=-1, keepdims=True),
        ops.stack([ops.max(x, axis=(1, 2)), ops.sum(y[:, -1], -1)], axis=1),
        ops.clip(ops.sqrt(ops.abs(x)), 0.1, 1),
    ],
    {"x": draw(2, 6, 8), "y": draw(2, 6, 8)},
)

frames = keras.Input((7, 4), name="frames", batch_size=1)
x = L.LSTM(5, return_sequences=True)(frames)
x = L.Bidirectional(L.GRU(3, return_sequences=True), merge_mode="ave")(x)
x = L.SimpleRNN(6, activation="relu", go_backwards=True)(x)
keras3("sequences", frames, x, {"frames": draw(1, 7, 4)})

K = tf_keras.layers
model = tf_keras.Sequential(
    [
        K.Conv2D(4, 3, activation="hard_sigmoid", input_shape=(8, 8, 2)),
        K.BatchNormalization(),
        K.LeakyReLU(),
        K.GlobalMaxPooling2D(),
        K.Dense(3),
    ]
)
samples = draw(2, 8, 8, 2)
record(
    "old_sequential", model, os.path.join(FOLDER, "old_sequential.h5"), {model.input_names[0]: samples}, [model.layers[-1].name]
)
x = tf_keras.Input((6,), name="features")
body = tf_keras.Sequential([K.Dense(5, activation="relu", name="one"), K.BatchNormalization(name="two")], name="body")
y = body(x)
model = tf_keras.Model(x, [K.Dense(2, name="left")(y), K.Multiply(name="right")([y, body(x)])])
record("old_nested", model, os.path.join(FOLDER, "old_nested.h5"), {"features": draw(3, 6)}, ["left", "right"])
x = tf_keras.Input((6, 3), batch_size=1, name="steps")
y = K.Bidirectional(K.LSTM(4, recurrent_activation="hard_sigmoid"), name="both")(x)
z = K.RNN([K.LSTMCell(3), K.GRUCell(2)], name="stacked")(x)
model = tf_keras.Model(x, [y, z])
record("old_sequences", model, os.path.join(FOLDER, "old_sequences.h5"), {"steps": draw(1, 6, 3)}, ["both", "stacked"])

tokens = keras.Input((6,), batch_size=1, dtype="int32", name="tokens")
x = L.Embedding(9, 4, mask_zero=True)(tokens)
y = L.Bidirectional(L.LSTM(3, return_sequences=True))(x)
keras3(
    "masks",
    tokens,
    [
        L.GRU(3)(L.Dropout(0.1)(y)),
        L.GlobalAveragePooling1D()(x),
        L.MultiHeadAttention(2, 3)(x, x, use_causal_mask=True),
        L.Attention(score_mode="concat", use_scale=True)([x, x]),
        L.SimpleRNN(2, go_backwards=True)(L.Masking(0.5)(x)),
    ],
    {"tokens": np.array([[3, 0, 5, 8, 0, 0]], np.int32)},
)

films = keras.Input((3, 5, 6, 2), name="films")
x = L.ConvLSTM2D(3, 3, padding="same", return_sequences=True)(films)
keras3("films", films, [x, L.ConvLSTM2D(2, 2, strides=2)(x)], {"films": draw(2, 3, 5, 6, 2)})

x, y = keras.Input((3, 4), name="x"), keras.Input((3, 4), name="y")
keras3(
    "arrays",
    [x, y],
    [
        ops.moveaxis(ops.stack([x, y], axis=1), 1, -1),
        ops.take(ops.sort(x, axis=1), [0, 2], axis=-1),
        ops.take_along_axis(x, ops.argsort(y, axis=-1), axis=-1),
        ops.logsumexp(ops.roll(x, 1, axis=1), axis=-1),
        ops.repeat(ops.tril(x, k=1), 2, axis=1),
        ops.top_k(y, 2)[0],
        ops.cast(ops.logical_xor(x > 0, y > 0), "float32"),
        ops.gelu(ops.leaky_relu(x, negative_slope=0.3)),
    ],
    {"x": draw(2, 3, 4), "y": draw(2, 3, 4)},
)

picture = keras.Input((8, 11, 3), name="picture")
codes = keras.Input((4,), dtype="int64", name="codes")
vocabulary = [12, 36, 1138, 42]
keras3(
    "prepared",
    [picture, codes],
    [
        L.Resizing(4, 6, crop_to_aspect_ratio=True)(picture),
        L.Resizing(4, 7, pad_to_aspect_ratio=True, fill_value=0.5)(picture),
        L.CenterCrop(9, 6)(picture),
        L.IntegerLookup(vocabulary=vocabulary)(codes),
        L.IntegerLookup(vocabulary=vocabulary, mask_token=7)(codes),
        L.IntegerLookup(vocabulary=vocabulary, output_mode="multi_hot")(codes),
        L.Discretization(bin_boundaries=[-0.5, 0.0, 1.0], output_mode="count")(picture[:, 0, :, 0]),
        picture[:, ::-1, 1::2],
    ],
    {"picture": draw(2, 8, 11, 3), "codes": np.array([[12, 1138, 42, 5], [36, 7, 7, 1138]])},
)

x, y = tf_keras.Input((3, 4), name="x"), tf_keras.Input((3, 4), name="y")
parts = tf.split(x + 2 * y, [1, 3], axis=-1)
model = tf_keras.Model(
    [x, y],
    [
        K.Identity(name="products")(tf.matmul(x, y, transpose_b=True) / 2 - 1),
        K.Identity(name="parts")(tf.concat([parts[1], tf.nn.relu6(x[:, :, 1:] + 3.0)], axis=1)),
        K.Identity(name="means")(tf.reduce_mean(tf.transpose(x, [0, 2, 1]), axis=[1], keepdims=True)),
        K.Identity(name="picked")(tf.where(x > 0, tf.clip_by_value(y, -1.0, 1.0), 1 - x)),
    ],
)
record(
    "old_functions",
    model,
    os.path.join(FOLDER, "old_functions.h5"),
    {"x": draw(2, 3, 4), "y": draw(2, 3, 4)},
    ["products", "parts", "means", "picked"],
)

# What is added later does not change what is above.
RANDOM = np.random.default_rng(2)
x = keras.Input((4, 5), name="x")
small = ops.clip(x, -0.9, 0.9)
keras3(
    "functions",
    x,
    [
        ops.stack([ops.sinh(x), ops.cosh(x), ops.arcsinh(x), ops.arctan(x), ops.erf(x), ops.cbrt(x)], axis=-1),
        ops.stack([ops.arcsin(small), ops.arccos(small), ops.arctanh(small), ops.arccosh(ops.abs(x) + 1)], axis=-1),
        ops.median(x, axis=-1),
        ops.quantile(x, 0.3, axis=1, keepdims=True),
        ops.pad(x, ((0, 0), (1, 2), (3, 1)), mode="reflect"),
        ops.pad(x, ((0, 0), (1, 0), (0, 1)), constant_values=2.5),
        ops.diagonal(x, offset=1, axis1=1, axis2=2),
        ops.tensordot(x, draw(4, 5, 3), axes=[[1, 2], [0, 1]]),
        ops.dot(x, draw(5, 2)),
        ops.layer_normalization(x, gamma=draw(5), beta=draw(5)),
        ops.rms_normalization(x),
        ops.diff(x, n=2),
    ],
    {"x": draw(2, 4, 5)},
)

film = keras.Input((4, 5, 6, 2), name="film")
picture = keras.Input((6, 7, 3), name="picture")
keras3(
    "volumes",
    [film, picture],
    [
        L.MaxPooling3D(2)(film),
        L.AveragePooling3D((2, 3, 2), strides=(1, 2, 2), padding="same")(film),
        L.UpSampling2D(2, interpolation="bicubic")(picture),
        ops.image.resize(picture, (4, 9), interpolation="bicubic"),
        ops.conv(picture, draw(3, 2, 3, 4), strides=2, padding="same"),
        ops.depthwise_conv(picture, draw(3, 3, 3, 2)),
    ],
    {"film": draw(2, 4, 5, 6, 2), "picture": draw(2, 6, 7, 3)},
)

sound = keras.Input((256,), name="sound")
keras3(
    "signals",
    sound,
    [
        L.MelSpectrogram(fft_length=64, sequence_stride=32, num_mel_bins=8, sampling_rate=8000)(sound),
        *ops.stft(sound, 48, 24, 64, window="hamming"),
        *ops.rfft(sound),
    ],
    {"sound": draw(2, 256)},
)

# Names with slashes, of which one is the beginning of another.
x = tf_keras.Input((5, 4, 3), name="x")
y = K.Conv2D(4, 2, name="conv")(x)
y = K.BatchNormalization(name="conv/norm")(y)
y = K.Conv2D(2, 2, name="conv/norm/last")(y)
model = tf_keras.Model(x, y)
for layer in model.layers[1:]:
    layer.set_weights([w + np.abs(RANDOM.standard_normal(w.shape)) * 0.3 for w in layer.get_weights()])
record("old_slashes", model, os.path.join(FOLDER, "old_slashes.h5"), {"x": draw(2, 5, 4, 3)}, ["conv/norm/last"])

# Layers of CuDNN, whose weights Keras turns into those of the plain layers.
from tf_keras.src.layers.rnn import cudnn_gru, cudnn_lstm  # noqa: E402


def stack(lstm, gru):
    x = tf_keras.Input((6, 3), batch_size=2, name="x")
    y = gru(5, name="b")(lstm(4, name="a", return_sequences=True)(x))
    return tf_keras.Model(x, [y, K.Bidirectional(lstm(2, name="f"), name="c")(x)])


model = stack(cudnn_lstm.CuDNNLSTM, cudnn_gru.CuDNNGRU)
model.set_weights([draw(*w.shape) * 0.5 for w in model.get_weights()])
model.save(os.path.join(FOLDER, "old_cudnn.h5"))
model.save_weights("weights.h5")
model = stack(K.LSTM, K.GRU)
model.load_weights("weights.h5")
os.remove("weights.h5")
steps = draw(2, 6, 3)
ends = model(steps)
np.savez_compressed(os.path.join(FOLDER, "old_cudnn.npz"), **{"in/x": steps, "out/b": ends[0], "out/c": ends[1]})

# Neither the batch nor the number of steps is known, nor is it for attention.
steps = keras.Input((None, 3), name="steps")
y = L.LSTM(4, return_sequences=True)(steps)
y = L.Bidirectional(L.SimpleRNN(3, return_sequences=True))(y)
keras3(
    "open_sequences",
    steps,
    [L.LSTM(2)(y), L.MultiHeadAttention(2, 4)(y, y), L.Bidirectional(L.LSTM(2, return_sequences=True))(y)],
    {"steps": draw(2, 5, 3)},
)

# Categories: vocabularies in the configuration, and one that was adapted and stands in a file.
adapted = L.IntegerLookup(max_tokens=6)
adapted.adapt(np.array([[3, 3, 5], [5, 5, 8]]))
number = keras.Input((3,), dtype="int64", name="number")
weight = keras.Input((3,), name="weight")
place = L.IntegerLookup(vocabulary=[3, 5], mask_token=0, num_oov_indices=2)(number)
keras3(
    "categories",
    [number, weight],
    [
        place,
        adapted(number),
        L.IntegerLookup(vocabulary=[3, 5], mask_token=0, output_mode="multi_hot")(number),
        L.IntegerLookup(vocabulary=[3, 5], output_mode="tf_idf", idf_weights=[0.5, 2.0])(number),
        L.IntegerLookup(vocabulary=[3, 5, 8], invert=True, oov_token=-7)(place),
        L.CategoryEncoding(9, output_mode="count")(number, count_weights=weight),
        L.Discretization([-0.5, 0.5], output_mode="count")(weight),
    ],
    {"number": np.array([[3, 0, 7], [5, 8, 5]]), "weight": draw(2, 3)},
)

# Texts: a file alone, which convert.test looks at.
word = keras.Input((3,), dtype="string", name="word")
place = L.StringLookup(vocabulary=["red", "green", "blue"], mask_token="")(word)
texts = [place, L.StringLookup(vocabulary=["red", "green", "blue"], invert=True)(place)]
keras.Model(word, texts).save(os.path.join(FOLDER, "texts.keras"))

signal = keras.Input((40, 2), name="signal")
spectrogram = partial(L.STFTSpectrogram, frame_length=8, frame_step=4)
keras3(
    "spectrograms",
    signal,
    [
        spectrogram()(signal),
        spectrogram(mode="psd", padding="same", expand_dims=True)(signal),
        spectrogram(mode="stft", window="hamming", data_format="channels_first")(L.Permute((2, 1))(signal)),
        spectrogram(mode="angle", expand_dims=True)(L.Conv1D(1, 3)(signal)),
    ],
    {"signal": draw(2, 40, 2)},
)

token = keras.Input((4,), dtype="int32", name="token")
table = L.ReversibleEmbedding(7, 5, tie_weights=False, logit_soft_cap=2.0)
image = keras.Input((9, 8, 3), name="image")
byte = keras.Input((6, 5, 2), dtype="uint8", name="byte")
keras3(
    "images",
    [token, image, byte],
    [
        table(L.Dense(5)(table(token)), reverse=True),
        L.Resizing(4, 11, interpolation="lanczos3", antialias=True)(image),
        L.Resizing(4, 3, antialias=True)(image),
        L.Resizing(5, 3, interpolation="area")(image),
        L.Resizing(7, 4, interpolation="bicubic")(byte),
        L.AutoContrast(value_range=(-2, 2))(image),
        L.Pipeline([L.Resizing(3, 3), L.Rescaling([0.5, 2.0, 1.0], offset=1.0)])(image),
        L.Normalization(axis=1, mean=[0.0, 1.0, 2.0, 0.5, 1.5, 0.0, 0.0, 0.0, 1.0], variance=[2.0] * 9)(image),
        L.Activation("sparsemax")(image),
    ],
    {
        "token": np.array([[1, 2, 0, 6]], np.int32),
        "image": draw(1, 9, 8, 3),
        "byte": RANDOM.integers(0, 256, (1, 6, 5, 2)).astype(np.uint8),
    },
)

# Keras 2.2.2 stored the layers of a Sequential model as its configuration, without a name, and texts of
# fixed length; numbers of numpy are objects.
inner = tf_keras.Sequential([K.InputLayer((6, 5, 2)), K.Conv2D(3, 3, name="conv"), K.ReLU(0.5, name="relu")])
model = tf_keras.Sequential([K.InputLayer((6, 5, 2), name="x"), inner, K.Flatten(), K.Dense(2, name="dense")])
path = os.path.join(FOLDER, "old_list.h5")
record("old_list", model, path, {"conv_input": draw(2, 6, 5, 2)}, ["dense"])


def list_layers(layers):
    kept = [layer for layer in layers if layer["class_name"] != "InputLayer"]
    kept[0]["config"] |= {"batch_input_shape": [None, 6, 5, 2]} if kept[0]["class_name"] != "Sequential" else {}
    for layer in kept:
        if layer["class_name"] == "Sequential":
            layer["config"] = list_layers(layer["config"]["layers"])
        elif layer["class_name"] == "ReLU":
            layer["config"]["max_value"] = {"type": "ndarray", "value": 0.5}
    return kept


with h5py.File(path, "r+") as file:
    layers = list_layers(json.loads(file.attrs["model_config"])["config"]["layers"])
    text = json.dumps({"class_name": "Sequential", "config": layers})
    del file.attrs["model_config"], file.attrs["keras_version"]
    file.attrs["model_config"], file.attrs["keras_version"] = np.bytes_(text.encode()), np.bytes_(b"2.2.2")

# Attention that masks, gates and a window of neighbours restrict. The first ignores its argument query_mask.
query, value = keras.Input((5, 8), name="query"), keras.Input((7, 8), name="value")
asked = keras.Input((5,), dtype="bool", name="asked")
known = keras.Input((7,), dtype="bool", name="known")
keras3(
    "attention_masks",
    [query, value, asked, known],
    [
        L.MultiHeadAttention(2, 4, use_gate=True)(query, value, query_mask=asked, value_mask=known),
        L.GroupQueryAttention(4, 4, 2, use_gate=True)(query, value, query_mask=asked, value_mask=known),
        L.MultiHeadAttention(2, 3, sliding_window=2)(query, query),
        L.Attention()([query, value], mask=[None, known]),
    ],
    {
        "query": draw(2, 5, 8),
        "value": draw(2, 7, 8),
        "asked": np.arange(10).reshape(2, 5) % 3 > 0,
        "known": np.arange(14).reshape(2, 7) % 4 < 3,
    },
)

# Volumes by groups of channels, and cells that go in two directions.
volume = keras.Input((4, 5, 3, 4), name="volume")
steps = keras.Input((5, 3), name="steps")
backward = L.RNN(L.GRUCell(4, use_bias=False), go_backwards=True)
keras3(
    "groups",
    [volume, steps],
    [L.Conv3D(6, 2, groups=2)(volume), L.Bidirectional(L.RNN(L.GRUCell(4)), backward_layer=backward)(steps)],
    {"volume": draw(1, 4, 5, 3, 4), "steps": draw(1, 5, 3)},
)

RANDOM = np.random.default_rng(16)
# Cells with their states: given and returned, of a stack, in two directions, with steps that do not count.
steps, first = keras.Input((5, 3), name="steps"), keras.Input((4,), name="first")
stack = L.StackedRNNCells([L.LSTMCell(4), L.GRUCell(2)])
counted = L.Masking(0.0)(steps)
samples = draw(2, 5, 3)
samples[0, :2] = samples[1, 3:] = 0
keras3(
    "cells",
    [steps, first],
    [
        *keras.tree.flatten(L.RNN(stack, return_sequences=True, return_state=True)(steps)),
        *L.RNN(L.SimpleRNNCell(4), go_backwards=True, return_state=True)(steps, initial_state=[first]),
        *L.Bidirectional(L.RNN(L.GRUCell(2), return_state=True))(steps),
        L.GRU(4, return_sequences=True)(counted, initial_state=first),
        L.RNN(L.LSTMCell(3), zero_output_for_mask=True)(counted),
        L.TimeDistributed(L.Dense(2))(counted),
        L.Dot((3, 2))([L.Reshape((1, 5, 3))(steps), L.Dense(3)(steps)]),
        L.Softmax(axis=(1, 2))(steps),
    ],
    {"steps": samples, "first": draw(2, 4)},
)

# Films of any length, whose states are given and returned, and volumes of them.
film = keras.Input((None, 6, 5, 2), name="film")
line = keras.Input((None, 6, 2), name="line")
x, *states = L.ConvLSTM2D(3, 3, padding="same", return_sequences=True, return_state=True)(film)
keras3(
    "open_films",
    [film, line],
    [
        L.ConvLSTM2D(3, 3, padding="same", go_backwards=True)(x, initial_state=states),
        L.ConvLSTM1D(2, 2, return_sequences=True)(line),
        L.ConvLSTM3D(2, 2)(L.Reshape((-1, 3, 2, 5, 2))(film)),
        L.TimeDistributed(L.Conv2D(2, 2))(film),
    ],
    {"film": draw(2, 3, 6, 5, 2), "line": draw(1, 4, 6, 2)},
)

# Operations of TensorFlow 2.0 to 2.3 between layers: a node as JSON, and as the text of a protocol buffer.
from google.protobuf import json_format  # noqa: E402
from tf_keras.src.engine.base_layer import TensorFlowOpLayer  # noqa: E402


def operate(build, *tensors, constants):
    """A layer of the operation that `build` makes of placeholders and constants."""
    with tf.Graph().as_default():
        given = [tf.compat.v1.placeholder(tensor.dtype, tensor.shape) for tensor in tensors]
        operation = build(*given, *map(tf.constant, constants.values()))
        operation = operation[0].op if isinstance(operation, list) else operation.op
        node = operation.node_def
    return TensorFlowOpLayer(node.SerializeToString(), operation.type.lower(), constants)(list(tensors))


x, y = tf_keras.Input((4, 6), name="x"), tf_keras.Input((4, 6), name="y")
parts = operate(lambda a, axis: tf.split(a, 2, axis), x, constants={0: np.int32(2)})
rows = operate(lambda a, axes: tf.reduce_mean(a, axes), parts[1], constants={1: np.array([2], np.int32)})
model = tf_keras.Model(
    [x, y],
    [
        K.Dense(2, name="means")(rows),
        K.Activation("relu", name="sums")(operate(tf.add, x, y, constants={})),
        K.Activation("tanh", name="scaled")(operate(tf.multiply, y, constants={1: np.float32(0.5)})),
        K.Activation("linear", name="moved")(
            operate(lambda a, order: tf.transpose(a, order), y, constants={1: np.array([0, 2, 1], np.int32)})
        ),
    ],
)
path = os.path.join(FOLDER, "old_graph.h5")
record("old_graph", model, path, {"x": draw(2, 4, 6), "y": draw(2, 4, 6)}, ["means", "sums", "scaled", "moved"])
with h5py.File(path, "r+") as file:
    config = json.loads(file.attrs["model_config"])
    for layer in config["config"]["layers"]:
        if layer["name"] == "tf_op_layer_addv2":
            node = json_format.ParseDict(layer["config"]["node_def"], tf.compat.v1.NodeDef())
            layer["config"]["node_def"] = node.SerializeToString().decode()
    del file.attrs["model_config"]
    file.attrs["model_config"] = np.bytes_(json.dumps(config).encode())

# Keras 2 in its many forms: policies as dictionaries, activations as objects, names of packages and versions.
x = tf_keras.Input((6, 5, 2), name="x")
y = K.Conv2D(4, 3, activation="softmax", name="conv", dtype=tf_keras.mixed_precision.Policy("float32"))(x)
y = K.BatchNormalization(name="norm")(y)
y = K.MaxPooling2D(2, name="pool")(y)
y = K.LSTM(3, name="lstm")(K.Reshape((4, 2), name="steps")(y))
model = tf_keras.Model(x, K.Dense(2, activation="gelu", name="dense")(y))
for layer in model.layers:
    if layer.get_weights():
        layer.set_weights([w + np.abs(RANDOM.standard_normal(w.shape)) * 0.3 for w in layer.get_weights()])
path = os.path.join(FOLDER, "old_forms.h5")
record("old_forms", model, path, {"x": draw(1, 6, 5, 2)}, ["dense"])
with h5py.File(path, "r+") as file:
    config = json.loads(file.attrs["model_config"])
    for layer in config["config"]["layers"]:
        inner = layer["config"]
        if layer["class_name"] == "InputLayer":
            inner["batch_input_shape"][0] = None
            inner["dtype"] = {"class_name": "PolicyV1", "config": {"name": "mixed_float16", "loss_scale": {}}}
        elif layer["class_name"] == "Conv2D":
            inner["activation"] = "softmax_v2"
        elif layer["class_name"] == "BatchNormalization":
            layer["class_name"] = "BatchNormalizationV1"
            inner["axis"] = [3]
        elif layer["class_name"] == "MaxPooling2D":
            layer["class_name"] = "MaxPool2D"
        elif layer["class_name"] == "LSTM":
            inner["activation"] = {"class_name": "function", "config": "tanh"}
            inner["recurrent_activation"] = {"class_name": "Activation", "config": {"activation": "sigmoid"}}
        elif layer["class_name"] == "Dense":
            inner["activation"] = {"class_name": "function", "config": "keras.activations.gelu"}
    del file.attrs["model_config"]
    file.attrs["model_config"] = np.bytes_(json.dumps(config).encode())

RANDOM = np.random.default_rng(17)
# Numbers, with some that are none; arrays taken apart; windows and pictures.
x, y = keras.Input((4, 6), name="x"), keras.Input((4, 6), name="y")
places = keras.Input((4,), dtype="int32", name="places")
odd = ops.log(ops.maximum(x, -0.5))
chance = ops.sigmoid(y)
keras3(
    "numbers",
    [x, y, places],
    [
        ops.threshold(x, 0.5, -1.0),
        ops.cast(ops.isclose(x, ops.where(y > 0, x, y)), "float32"),
        ops.stack([ops.nanmax(odd, axis=-1), ops.nanmin(odd, axis=-1), ops.nanstd(odd, axis=-1)]),
        ops.nancumsum(odd, axis=-1),
        ops.fmod(x, y),
        ops.logaddexp2(x, y) + ops.angle(x),
        ops.saturate_cast(x * 200, "uint8"),
        ops.binary_crossentropy(chance, ops.sigmoid(x)) + ops.binary_crossentropy(chance, x, from_logits=True),
        ops.categorical_crossentropy(chance, ops.softmax(x)),
        ops.sparse_categorical_crossentropy(places, x, from_logits=True),
        ops.cdist(x, y[:, :3]),
        ops.bitwise_not(places),
    ],
    {"x": draw(2, 4, 6), "y": draw(2, 4, 6), "places": np.array([[0, 5, 2, 1], [3, 3, 4, 0]], np.int32)},
)
keras3(
    "parts",
    [x, places],
    [
        ops.append(x, x[:, :1], axis=1),
        *ops.array_split(x, 4, axis=2),
        ops.dstack([x, -x]),
        ops.hsplit(x, 2)[1],
        ops.rot90(x, 1, axes=(1, 2)),
        ops.rot90(x, -1, axes=(2, 1)),
        ops.linspace(x, x * 3, 4, endpoint=False, axis=-1),
        ops.select([x > 1, x > 0], [x, x * 2], 0.5),
        ops.trapezoid(x, dx=0.5, axis=1),
        ops.unravel_index(places, (2, 3))[0],
        ops.digitize(x, np.array([-0.5, 0.0, 0.7], np.float32)),
        ops.cast(ops.isin(places, [1, 3]), "int32"),
        ops.extract_sequences(x, 3, 2),
    ],
    {"x": draw(2, 4, 6), "places": np.array([[0, 5, 2, 1], [3, 3, 4, 0]], np.int32)},
)
picture = keras.Input((9, 8, 3), name="picture")
columns = keras.Input((12, 9), name="columns")
boxes, labels = keras.Input((5, 4), name="boxes"), keras.Input((5,), name="labels")
most = L.MaxNumBoundingBoxes(3, bounding_box_format="xyxy")
equalized = L.ContrastLimitedAdaptiveHistogramEqualization((0, 1), tile_grid_size=(4, 3))(picture)
keras3(
    "patches",
    [picture, columns, boxes, labels],
    [
        ops.fold(columns, (6, 7), 2, padding=(0, 1), stride=(2, 3)),
        ops.image.extract_patches(picture, (2, 3), strides=(2, 1), padding="same"),
        ops.image.gaussian_blur(picture, (3, 5), (1.0, 2.0)),
        ops.image.hsv_to_rgb(ops.image.rgb_to_hsv(picture)),
        ops.image.rgb_to_hsv(picture),
        ops.image.crop_images(picture, 1, 2, target_height=4, right_cropping=1),
        ops.image.pad_images(picture, 1, bottom_padding=2, left_padding=0, target_width=11),
        equalized,
        *keras.tree.flatten(most({"images": picture, "bounding_boxes": {"boxes": boxes, "labels": labels}}))[:2],
    ],
    {
        "picture": RANDOM.uniform(0, 1, (2, 9, 8, 3)).astype(np.float32),
        "columns": draw(2, 12, 9),
        "boxes": draw(2, 5, 4),
        "labels": draw(2, 5),
    },
)

# A mask that goes through attention is an operation of the model; a .keras file of Keras 2; models in models.
RANDOM = np.random.default_rng(18)
token = keras.Input((6,), dtype="int32", name="token")
x = L.Embedding(5, 4, mask_zero=True)(token)
x = L.Attention()([x, x])
keras3(
    "attended", token, L.GlobalAveragePooling1D()(x), {"token": np.array([[1, 2, 0, 4, 0, 0], [3, 3, 1, 2, 0, 0]], np.int32)}
)

x = tf_keras.Input((6, 5, 2), name="x")
inner = tf_keras.Sequential(
    [K.Conv2D(3, 2, name="conv"), tf_keras.Sequential([K.BatchNormalization(name="norm"), K.ReLU(6.0)])]
)
y = K.Dense(2, activation="hard_sigmoid", name="dense")(K.Flatten(name="flat")(inner(x)))
model = tf_keras.Model(x, y)
model.set_weights([w + np.abs(draw(*w.shape)) * 0.3 for w in model.get_weights()])
samples = draw(2, 6, 5, 2)
record("old_inner", model, os.path.join(FOLDER, "old_inner.h5"), {"x": samples}, ["dense"])
record("old_archive", model, os.path.join(FOLDER, "old_archive.keras"), {"x": samples}, ["dense"])
