"""Conversion in three ways: a SavedModel, a Keras model, a concrete function. The latter two need TensorFlow."""

import importlib.util

from digits import saved_model

import tflc

# Convert the model
converter = tflc.TFLiteConverter.from_saved_model(saved_model())
tflite_model = converter.convert()
print("saved_model", len(tflite_model))

if importlib.util.find_spec("tensorflow"):
    import tensorflow as tf

    # Create a model using high-level tf.keras.* APIs
    model = tf.keras.models.Sequential(
        [
            tf.keras.layers.Input(shape=[1]),
            tf.keras.layers.Dense(units=16, activation="relu"),
            tf.keras.layers.Dense(units=1),
        ]
    )
    model.compile(optimizer="sgd", loss="mean_squared_error")
    model.fit(x=tf.constant([[-1.0], [0.0], [1.0]]), y=tf.constant([[-3.0], [-1.0], [1.0]]), epochs=5, verbose=0)
    converter = tflc.TFLiteConverter.from_keras_model(model)
    print("keras_model", len(converter.convert()))

    # Create a model using low-level tf.* APIs
    class Squared(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec(shape=[None], dtype=tf.float32)])
        def __call__(self, x):
            return tf.square(x)

    model = Squared()
    concrete_func = model.__call__.get_concrete_function()
    converter = tflc.TFLiteConverter.from_concrete_functions([concrete_func], model)
    tflite_model = converter.convert()
    interpreter = tflc.Interpreter(model_content=tflite_model)
    squared = interpreter.get_signature_runner()(x=tf.constant([1.0, 2.0, 3.0]).numpy())
    print("concrete_function", len(tflite_model), list(squared.values())[0].tolist())
