"""One small model for each layer, activation and operation of Keras: what tools/utils/keras-layers.py converts.

A case is (inputs, function): the function is given the inputs as keras tensors, or one alone, and returns outputs. An input
is "float 4 6", its type and its sizes without the batch; "prob" are floats between 0.1 and 0.9, "bool", "int32" and "int64"
what they say (integers from 0 to 4), "uint8" pictures, "text" words. "float batch 5 3" is all sizes, the first of the batch.
"""

import keras
import numpy as np
from keras import layers as L

ROW, GRID, LINE, PICTURE, VOLUME = "float 6", "float 4 6", "float 9 4", "float 9 8 3", "float 4 5 6 2"
FIRST = "float 3 9 8"
FILM1, FILM2, FILM3 = "float 3 8 2", "float 3 6 5 2", "float 3 4 5 4 2"
POSITIVE, TOKENS, FRAMES = "prob 4 6", "int32 5", "float 5 3"
BYTES = "uint8 9 8 3"


def weights(*shape):
    return np.sin(np.arange(np.prod(shape), dtype=np.float32) * 1.7).reshape(shape)


def pooling(kind):
    adaptive = {f"Adaptive{kind}Pooling{n}D": (x, lambda x, n=n: getattr(L, f"Adaptive{kind}Pooling{n}D")(2)(x))
                for n, x in ((1, LINE), (2, PICTURE), (3, VOLUME))}  # fmt: skip
    short = "Avg" if kind == "Average" else "Max"
    cases = {}
    for n, x in ((1, LINE), (2, PICTURE), (3, VOLUME)):
        for name in (f"{kind}Pooling{n}D", f"{short}Pool{n}D"):
            cases[name] = x, lambda x, name=name: [getattr(L, name)(2)(x), getattr(L, name)(3, 1, padding="same")(x)]
        for name in (f"Global{kind}Pooling{n}D", f"Global{short}Pool{n}D"):
            cases[name] = x, lambda x, name=name: getattr(L, name)()(x)
    return adaptive | cases


def convolutions():
    cases = {}
    for n, x in ((1, LINE), (2, PICTURE), (3, VOLUME)):
        for name in (f"Conv{n}D", f"Convolution{n}D"):
            cases[name] = (
                x,
                lambda x, name=name: [
                    getattr(L, name)(5, 3, activation="relu")(x),
                    getattr(L, name)(4, 2, strides=2, padding="same")(x),
                    getattr(L, name)(4, 2, dilation_rate=2, padding="same")(x),
                ],
            )
        for name in (f"Conv{n}DTranspose", f"Convolution{n}DTranspose"):
            cases[name] = (
                x,
                lambda x, name=name: [
                    getattr(L, name)(5, 3, strides=2)(x),
                    getattr(L, name)(4, 2, strides=2, padding="same")(x),
                ],
            )
    for n, x in ((1, LINE), (2, PICTURE)):
        cases[f"DepthwiseConv{n}D"] = x, lambda x, n=n: getattr(L, f"DepthwiseConv{n}D")(3, depth_multiplier=2)(x)
        for name in (f"SeparableConv{n}D", f"SeparableConvolution{n}D"):
            cases[name] = x, lambda x, name=name: getattr(L, name)(5, 3, padding="same")(x)
    return cases


def random_layers():
    """Layers of training."""
    fixed = {
        "AugMix": {}, "CutMix": {}, "MixUp": {}, "RandAugment": {}, "RandomBrightness": {"factor": 0.2},
        "RandomColorDegeneration": {"factor": 0.2}, "RandomColorJitter": {}, "RandomContrast": {"factor": 0.2},
        "RandomCrop": {"height": 6, "width": 5}, "RandomElasticTransform": {}, "RandomErasing": {}, "RandomFlip": {},
        "RandomGaussianBlur": {}, "RandomGrayscale": {}, "RandomHue": {"factor": 0.2}, "RandomInvert": {},
        "RandomPerspective": {}, "RandomPosterization": {"factor": 4}, "RandomRotation": {"factor": 0.2},
        "RandomSaturation": {"factor": 0.2}, "RandomSharpness": {"factor": 0.2}, "RandomShear": {},
        "RandomTranslation": {"height_factor": 0.1, "width_factor": 0.1}, "RandomZoom": {"height_factor": 0.1},
    }  # fmt: skip
    return {name: (PICTURE, lambda x, n=name, k=keywords: getattr(L, n)(**k)(x)) for name, keywords in fixed.items()}


LAYERS = {
    **pooling("Average"),
    **pooling("Max"),
    **convolutions(),
    **random_layers(),
    "Activation": (GRID, lambda x: L.Activation("gelu")(x)),
    "ActivityRegularization": (GRID, lambda x: L.ActivityRegularization(0.1)(x)),
    "Add": ([GRID, GRID], lambda x, y: L.Add()([x, y])),
    "AdditiveAttention": ([GRID, GRID], lambda x, y: L.AdditiveAttention()([x, y])),
    "AlphaDropout": (GRID, lambda x: L.AlphaDropout(0.5)(x)),
    "Attention": ([GRID, GRID], lambda x, y: L.Attention(use_scale=True)([x, y])),
    "AutoContrast": (PICTURE, lambda x: L.AutoContrast(value_range=(-2, 2))(x)),
    "Average": ([GRID, GRID], lambda x, y: L.Average()([x, y])),
    "BatchNormalization": (PICTURE, lambda x: L.BatchNormalization()(x)),
    "Bidirectional": (FRAMES, lambda x: L.Bidirectional(L.LSTM(4, return_sequences=True))(x)),
    "Bidirectional with states": (FRAMES, lambda x: L.Bidirectional(L.GRU(4, return_state=True))(x)),
    "CategoryEncoding": (TOKENS, lambda x: L.CategoryEncoding(5, output_mode="count")(x)),
    "CenterCrop": (PICTURE, lambda x: [L.CenterCrop(6, 5)(x), L.CenterCrop(12, 5)(x)]),
    "Concatenate": ([GRID, GRID], lambda x, y: L.Concatenate(axis=1)([x, y])),
    "ContrastLimitedAdaptiveHistogramEqualization": (
        "float 16 16 3",
        lambda x: L.ContrastLimitedAdaptiveHistogramEqualization((-2, 2), tile_grid_size=(4, 4))(x),
    ),
    "ConvLSTM1D": (FILM1, lambda x: L.ConvLSTM1D(3, 3, padding="same", return_sequences=True)(x)),
    "ConvLSTM2D": (FILM2, lambda x: L.ConvLSTM2D(3, 3, strides=2)(x)),
    "ConvLSTM3D": (FILM3, lambda x: L.ConvLSTM3D(3, 2, return_state=True)(x)),
    "ConvLSTM2D of open length": ("float ? 6 5 2", lambda x: L.ConvLSTM2D(3, 3, return_sequences=True)(x)),
    "Cropping1D": (LINE, lambda x: L.Cropping1D((1, 2))(x)),
    "Cropping2D": (PICTURE, lambda x: L.Cropping2D(((1, 0), (2, 1)))(x)),
    "Cropping3D": (VOLUME, lambda x: L.Cropping3D(1)(x)),
    "Dense": (GRID, lambda x: L.Dense(5, activation="relu")(x)),
    "Discretization": (GRID, lambda x: L.Discretization([-0.5, 0.0, 0.7])(x)),
    "Dot": ([GRID, GRID], lambda x, y: [L.Dot((2, 2))([x, y]), L.Dot(1, normalize=True)([x, y])]),
    "Dot of four dimensions": (["float 3 4 5", "float 4 5 2"], lambda x, y: [L.Dot((2, 1))([x, y]), L.Dot((3, 2))([x, y])]),
    "Dropout": (GRID, lambda x: L.Dropout(0.5)(x)),
    "ELU": (GRID, lambda x: L.ELU(0.7)(x)),
    "EinsumDense": (GRID, lambda x: L.EinsumDense("abc,cd->abd", (None, 5), bias_axes="d")(x)),
    "Embedding": (TOKENS, lambda x: L.Embedding(5, 4)(x)),
    "Equalization": (BYTES, lambda x: L.Equalization()(x)),
    "Flatten": (PICTURE, lambda x: L.Flatten()(x)),
    "GRU": (FRAMES, lambda x: L.GRU(4)(x)),
    "GRUCell": (FRAMES, lambda x: L.RNN(L.GRUCell(4), return_sequences=True)(x)),
    "GaussianDropout": (GRID, lambda x: L.GaussianDropout(0.5)(x)),
    "GaussianNoise": (GRID, lambda x: L.GaussianNoise(0.5)(x)),
    "GroupNormalization": (PICTURE, lambda x: L.GroupNormalization(3)(x)),
    "GroupQueryAttention": ([GRID, GRID], lambda x, y: L.GroupQueryAttention(3, 4, 2)(x, y)),
    "HashedCrossing": (["int64 1", "int64 1"], lambda x, y: L.HashedCrossing(10)([x, y])),
    "Hashing": ("int64 3", lambda x: L.Hashing(10)(x)),
    "Identity": (GRID, lambda x: L.Identity()(x)),
    "InputLayer": (GRID, lambda x: L.Dense(3)(x)),
    "IntegerLookup": ("int64 3", lambda x: L.IntegerLookup(vocabulary=[1, 3])(x)),
    "LSTM": (FRAMES, lambda x: L.LSTM(4)(x)),
    "LSTMCell": (FRAMES, lambda x: L.RNN(L.LSTMCell(4), return_state=True)(x)),
    "Lambda": (GRID, lambda x: L.Lambda(lambda v: v * 2)(x)),
    "LayerNormalization": (GRID, lambda x: L.LayerNormalization()(x)),
    "LeakyReLU": (GRID, lambda x: L.LeakyReLU(0.1)(x)),
    "Masking": (FRAMES, lambda x: L.LSTM(4)(L.Masking(0.0)(x))),
    "MaxNumBoundingBoxes": (
        ["float 5 4", "float 5", PICTURE],
        lambda x, y, z: L.MaxNumBoundingBoxes(7, bounding_box_format="xyxy")(
            {"images": z, "bounding_boxes": {"boxes": x, "labels": y}}
        ),
    ),
    "Maximum": ([GRID, GRID], lambda x, y: L.Maximum()([x, y])),
    "MelSpectrogram": (
        "float 256",
        lambda x: L.MelSpectrogram(fft_length=64, sequence_stride=32, num_mel_bins=8, sampling_rate=8000)(x),
    ),
    "Minimum": ([GRID, GRID], lambda x, y: L.Minimum()([x, y])),
    "MultiHeadAttention": ([GRID, GRID], lambda x, y: L.MultiHeadAttention(2, 3)(x, y)),
    "Multiply": ([GRID, GRID], lambda x, y: L.Multiply()([x, y])),
    "Normalization": (GRID, lambda x: L.Normalization(mean=weights(6), variance=weights(6) ** 2 + 0.5)(x)),
    "PReLU": (GRID, lambda x: L.PReLU(alpha_initializer="uniform")(x)),
    "Permute": (PICTURE, lambda x: L.Permute((3, 1, 2))(x)),
    "Pipeline": (PICTURE, lambda x: L.Pipeline([L.Resizing(4, 4), L.Rescaling(0.5)])(x)),
    "RMSNormalization": (GRID, lambda x: L.RMSNormalization()(x)),
    "RNN": (FRAMES, lambda x: L.RNN(L.SimpleRNNCell(4), go_backwards=True, return_state=True, return_sequences=True)(x)),
    "ReLU": (GRID, lambda x: L.ReLU(1.0, 0.1, 0.2)(x)),
    "RepeatVector": (ROW, lambda x: L.RepeatVector(3)(x)),
    "Rescaling": (BYTES, lambda x: L.Rescaling(1 / 255, -0.5)(x)),
    "Reshape": (GRID, lambda x: L.Reshape((3, 8))(x)),
    "Resizing": (PICTURE, lambda x: [L.Resizing(5, 12)(x), L.Resizing(5, 12, interpolation="nearest")(x)]),
    "ReversibleEmbedding": (TOKENS, lambda x: (lambda t: t(t(x), reverse=True))(L.ReversibleEmbedding(5, 4))),
    "STFTSpectrogram": ("float 40 2", lambda x: L.STFTSpectrogram(frame_length=8, frame_step=4)(x)),
    "SimpleRNN": (FRAMES, lambda x: L.SimpleRNN(4)(x)),
    "SimpleRNNCell": (FRAMES, lambda x: L.RNN(L.SimpleRNNCell(4))(x)),
    "Softmax": (GRID, lambda x: [L.Softmax()(x), L.Softmax(axis=1)(x), L.Softmax(axis=(1, 2))(x)]),
    "Solarization": (BYTES, lambda x: L.Solarization(0.5, 0.5)(x)),
    "SpatialDropout1D": (LINE, lambda x: L.SpatialDropout1D(0.5)(x)),
    "SpatialDropout2D": (PICTURE, lambda x: L.SpatialDropout2D(0.5)(x)),
    "SpatialDropout3D": (VOLUME, lambda x: L.SpatialDropout3D(0.5)(x)),
    "SpectralNormalization": (GRID, lambda x: L.SpectralNormalization(L.Dense(4))(x)),
    "StackedRNNCells": (
        FRAMES,
        lambda x: L.RNN(L.StackedRNNCells([L.LSTMCell(4), L.GRUCell(3)]), return_sequences=True, return_state=True)(x),
    ),
    "StringLookup": ("text 3", lambda x: L.StringLookup(vocabulary=["red", "green"])(x)),
    "Subtract": ([GRID, GRID], lambda x, y: L.Subtract()([x, y])),
    "TextVectorization": ("text 1", lambda x: L.TextVectorization(vocabulary=["red", "green"], output_sequence_length=4)(x)),
    "TimeDistributed": ("float 3 9 8 3", lambda x: L.TimeDistributed(L.Conv2D(4, 3))(x)),
    "UnitNormalization": (GRID, lambda x: L.UnitNormalization()(x)),
    "UpSampling1D": (LINE, lambda x: L.UpSampling1D(3)(x)),
    "UpSampling2D": (PICTURE, lambda x: [L.UpSampling2D(2)(x), L.UpSampling2D(2, interpolation="bilinear")(x)]),
    "UpSampling3D": (VOLUME, lambda x: L.UpSampling3D(2)(x)),
    "ZeroPadding1D": (LINE, lambda x: L.ZeroPadding1D((1, 2))(x)),
    "ZeroPadding2D": (PICTURE, lambda x: L.ZeroPadding2D(((1, 0), (2, 1)))(x)),
    "ZeroPadding3D": (VOLUME, lambda x: L.ZeroPadding3D(1)(x)),
}

# Classes of which no layer of a model can be made here, and why.
NO_LAYERS = {
    "FlaxLayer": "code of another library",
    "InputSpec": "no layer",
    "JaxLayer": "code of another library",
    "Layer": "the base of all layers",
    "TFSMLayer": "a SavedModel elsewhere; convert that",
    "TorchModuleWrapper": "code of another library",
    "Wrapper": "the base of wrapping layers",
}

ACTIVATIONS = {
    name: (GRID, lambda x, name=name: L.Activation(name)(x))
    for name in dir(keras.activations)
    if not name.startswith("_") and name not in ("deserialize", "get", "serialize")
}
ACTIVATIONS["threshold"] = GRID, lambda x: keras.activations.threshold(x, 0.5, -1.0)
