// The interface of the core to Python. Every argument is checked here: a wrong dtype, rank, device
// or stride raises TypeError, a wrong size or a row out of range ValueError. The GIL is released.

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>

#include <cstring>
#include <initializer_list>
#include <optional>

#include "dispatch.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

template <typename T, int rank>
using Array = nb::ndarray<T, nb::ndim<rank>, nb::c_contig, nb::device::cpu>;

void require(bool fulfilled, const char* otherwise) {
    if (!fulfilled) throw nb::value_error(otherwise);
}

const spikeloc::Core& core(int register_bytes) {
    const spikeloc::Core* found = spikeloc::find_core(register_bytes);
    require(found, "this processor has no registers of that many bytes");
    return *found;
}

template <typename AnyArray>
bool has_shape(const AnyArray& array, std::initializer_list<size_t> shape) {
    size_t axis = 0;
    for (const size_t size : shape) {
        if (array.shape(axis++) != size) return false;
    }
    return true;
}

spikeloc::Layer make_layer(const Array<const uint8_t, 3>& bits,
                           const Array<const int64_t, 2>& index,
                           const Array<const float, 1>& scale, size_t networks, size_t inputs,
                           size_t hidden, float alpha) {
    require(index.shape(0) == networks, "index and w1 differ in their number of networks");
    const auto rows = static_cast<int64_t>(bits.shape(0));
    for (size_t i = 0; i < index.size(); ++i) {
        require(0 <= index.data()[i] && index.data()[i] < rows, "index holds a row out of range");
    }
    return {bits.data(),    index.data(), scale.data(), networks, index.shape(1),
            scale.shape(0), inputs,       hidden,       alpha};
}

spikeloc::Surrogate make_surrogate(const char* name, float slope) {
    using spikeloc::Shape;
    if (!std::strcmp(name, "sigmoid")) return {Shape::sigmoid, slope};
    if (!std::strcmp(name, "fast_sigmoid")) return {Shape::fast_sigmoid, slope};
    if (!std::strcmp(name, "superspike")) return {Shape::superspike, slope};
    if (!std::strcmp(name, "triangular")) return {Shape::triangular, slope};
    throw nb::value_error("unknown shape of the surrogate");
}

template <typename AnyArray>
bool has_charge_shape(const AnyArray& charge, const spikeloc::Layer& layer) {
    return has_shape(charge, {layer.networks, layer.samples, layer.tiles(), layer.driven(),
                              static_cast<size_t>(spikeloc::kTile)});
}

template <typename AnyArray>
bool has_kept_shape(const AnyArray& kept, const spikeloc::Layer& layer) {
    return has_shape(kept, {3, layer.networks, layer.samples, layer.tiles(), layer.driven(),
                            static_cast<size_t>(spikeloc::kTile)});
}

// The layer of a call, and checks that are the same with and without division.
spikeloc::Layer make_forward(const Array<const uint8_t, 3>& bits,
                             const Array<const int64_t, 2>& index,
                             const Array<const float, 3>& w1, const Array<const float, 1>& scale,
                             float alpha, const Array<float, 3>& summed,
                             const Array<int32_t, 3>& counts) {
    const auto layer =
        make_layer(bits, index, scale, w1.shape(0), w1.shape(1), w1.shape(2), alpha);
    require(bits.shape(1) == layer.steps, "scale and bits differ in their number of steps");
    require(bits.shape(2) == layer.bytes_of_fibres(),
            "bits and w1 differ in their number of inputs");
    require(has_shape(summed, {layer.networks, layer.samples, layer.hidden}),
            "summed is not (networks, samples, hidden)");
    require(has_shape(counts, {layer.networks, layer.samples, layer.hidden}),
            "counts is not (networks, samples, hidden)");
    return layer;
}

spikeloc::Layer make_backward(const Array<const uint8_t, 3>& trains,
                              const Array<const int64_t, 2>& index,
                              const Array<const float, 1>& scale, float alpha,
                              const Array<const float, 3>& dsummed,
                              const std::optional<Array<const float, 3>>& dcounts,
                              const Array<float, 3>& dw1) {
    const auto layer =
        make_layer(trains, index, scale, dw1.shape(0), dw1.shape(1), dw1.shape(2), alpha);
    require(trains.shape(1) == layer.inputs, "trains and dw1 differ in their number of inputs");
    require(trains.shape(2) == layer.bytes_of_steps(),
            "trains and scale differ in their number of steps");
    require(has_shape(dsummed, {layer.networks, layer.samples, layer.hidden}),
            "dsummed is not (networks, samples, hidden)");
    require(!dcounts || has_shape(*dcounts, {layer.networks, layer.samples, layer.hidden}),
            "dcounts is not (networks, samples, hidden)");
    return layer;
}

void forward(const Array<const uint8_t, 3>& bits, const Array<const int64_t, 2>& index,
             const Array<const float, 3>& w1, const Array<const float, 1>& scale, float alpha,
             const Array<float, 3>& summed, const Array<int32_t, 3>& counts,
             const std::optional<Array<float, 5>>& charge, bool noisy, int register_bytes) {
    const auto layer = make_forward(bits, index, w1, scale, alpha, summed, counts);
    require(!charge || has_charge_shape(*charge, layer),
            "charge is not (networks, samples, tiles, driven steps, 32)");
    require(charge || !noisy, "noisy needs a charge that holds the noise");
    const auto run = core(register_bytes).forward;
    const nb::gil_scoped_release released;
    run(layer, w1.data(), summed.data(), counts.data(), charge ? charge->data() : nullptr,
        noisy);
}

void backward(const Array<const uint8_t, 3>& trains, const Array<const int64_t, 2>& index,
              const Array<const float, 1>& scale, float alpha, const char* shape, float slope,
              const Array<const float, 5>& charge, const Array<const float, 3>& dsummed,
              const Array<float, 3>& dw1, const std::optional<Array<const float, 3>>& dcounts,
              int register_bytes) {
    const auto layer = make_backward(trains, index, scale, alpha, dsummed, dcounts, dw1);
    require(has_charge_shape(charge, layer),
            "charge is not (networks, samples, tiles, driven steps, 32)");
    const auto surrogate = make_surrogate(shape, slope);
    const auto run = core(register_bytes).backward;
    const nb::gil_scoped_release released;
    run(layer, surrogate, charge.data(), dsummed.data(), dcounts ? dcounts->data() : nullptr,
        dw1.data());
}

// The parameters of a divisive layer, or their gradients, whose shapes must be those of `layer`.
template <typename Float>
spikeloc::Divisive<Float> make_divisive(const spikeloc::Layer& layer,
                                        const Array<Float, 3>& weight,
                                        const Array<Float, 3>& divisor,
                                        const Array<Float, 3>& gain, const Array<Float, 3>& bias) {
    require(has_shape(divisor, {layer.networks, layer.inputs, layer.hidden}),
            "divisor is not shaped like weight");
    require(has_shape(gain, {layer.networks, 1, layer.hidden}), "gain is not (networks, 1, hidden)");
    require(has_shape(bias, {layer.networks, 1, layer.hidden}), "bias is not (networks, 1, hidden)");
    return {weight.data(), divisor.data(), gain.data(), bias.data()};
}

void forward_divisive(const Array<const uint8_t, 3>& bits, const Array<const int64_t, 2>& index,
                      const Array<const float, 3>& weight, const Array<const float, 3>& divisor,
                      const Array<const float, 3>& gain, const Array<const float, 3>& bias,
                      float epsilon, const Array<const float, 1>& scale, float alpha,
                      const Array<float, 3>& summed, const Array<int32_t, 3>& counts,
                      const std::optional<Array<float, 6>>& kept, bool noisy,
                      int register_bytes) {
    const auto layer = make_forward(bits, index, weight, scale, alpha, summed, counts);
    const auto parameters = make_divisive(layer, weight, divisor, gain, bias);
    require(!kept || has_kept_shape(*kept, layer),
            "kept is not (3, networks, samples, tiles, driven steps, 32)");
    require(kept || !noisy, "noisy needs a kept that holds the noise");
    const auto run = core(register_bytes).forward_divisive;
    const nb::gil_scoped_release released;
    run(layer, parameters, epsilon, summed.data(), counts.data(), kept ? kept->data() : nullptr,
        noisy);
}

void backward_divisive(const Array<const uint8_t, 3>& trains, const Array<const int64_t, 2>& index,
                       const Array<const float, 3>& gain, const Array<const float, 1>& scale,
                       float alpha, const char* shape, float slope,
                       const Array<const float, 6>& kept, const Array<const float, 3>& dsummed,
                       const Array<float, 3>& dweight, const Array<float, 3>& ddivisor,
                       const Array<float, 3>& dgain, const Array<float, 3>& dbias,
                       const std::optional<Array<const float, 3>>& dcounts, int register_bytes) {
    const auto layer = make_backward(trains, index, scale, alpha, dsummed, dcounts, dweight);
    const auto gradient = make_divisive(layer, dweight, ddivisor, dgain, dbias);
    require(has_shape(gain, {layer.networks, 1, layer.hidden}), "gain is not (networks, 1, hidden)");
    require(has_kept_shape(kept, layer),
            "kept is not (3, networks, samples, tiles, driven steps, 32)");
    const auto surrogate = make_surrogate(shape, slope);
    const auto run = core(register_bytes).backward_divisive;
    const nb::gil_scoped_release released;
    run(layer, surrogate, gain.data(), kept.data(), dsummed.data(),
        dcounts ? dcounts->data() : nullptr, gradient);
}

void transpose(const Array<const uint8_t, 3>& bits, const Array<uint8_t, 3>& trains) {
    const size_t rows = bits.shape(0), steps = bits.shape(1), fibres = trains.shape(1);
    require(bits.shape(2) == (fibres + 7) / 8, "bits and trains differ in their number of inputs");
    require(has_shape(trains, {rows, fibres, (steps + 7) / 8}),
            "trains is not (rows, inputs, bytes of steps)");
    const nb::gil_scoped_release released;
    spikeloc::transpose_all(bits.data(), rows, steps, fibres, trains.data());
}

void draw_spikes(const Array<const double, 3>& start, const Array<const double, 2>& time,
                 const Array<const double, 2>& delay, uint64_t power,
                 const Array<const double, 1>& coefficients, double spikes_per_bin, uint64_t seed,
                 uint64_t purpose, uint64_t first, const Array<uint8_t, 3>& bits,
                 int register_bytes) {
    require(start.shape(0) == 2 && start.shape(2) == 2, "start is not (2, samples, 2)");
    require(time.shape(0) == 2, "time is not (2, steps)");
    require(delay.shape(0) == 2 && delay.shape(1) % 2 == 0, "delay is not (2, fibres of both ears)");
    const size_t samples = start.shape(1), steps = time.shape(1), fibres = delay.shape(1) / 2;
    const spikeloc::Tone tone{start.data(), start.data() + 2 * samples,
                              time.data(),  time.data() + steps,
                              delay.data(), delay.data() + 2 * fibres,
                              samples,      steps,
                              fibres,       power,
                              coefficients.data(), coefficients.shape(0),
                              spikes_per_bin, seed,
                              purpose,      first};
    require(has_shape(bits, {samples, steps, tone.bytes()}), "bits is not (samples, steps, bytes)");
    const auto run = core(register_bytes).draw_spikes;
    const nb::gil_scoped_release released;
    run(tone, bits.data());
}

}  // namespace

NB_MODULE(_core, module) {
    module.attr("sources") = SPIKELOC_SOURCES;
    module.attr("TILE") = spikeloc::kTile;
    module.def("forward", forward, "bits"_a.noconvert(), "index"_a.noconvert(),
               "w1"_a.noconvert(), "scale"_a.noconvert(), "alpha"_a, "summed"_a.noconvert(),
               "counts"_a.noconvert(), "charge"_a.noconvert().none(), "noisy"_a = false,
               "register_bytes"_a = 0,
               "Write the weighted sum over time and the count of the hidden spikes to summed and "
               "counts. With noisy, charge must hold the noise at first.");
    module.def("backward", backward, "trains"_a.noconvert(), "index"_a.noconvert(),
               "scale"_a.noconvert(), "alpha"_a, "shape"_a, "slope"_a, "charge"_a.noconvert(),
               "dsummed"_a.noconvert(), "dw1"_a.noconvert(),
               "dcounts"_a.noconvert().none() = nb::none(), "register_bytes"_a = 0,
               "Write the gradient of w1, from those of the sum over time and, unless it is None, "
               "of the count, to dw1.");
    module.def("forward_divisive", forward_divisive, "bits"_a.noconvert(), "index"_a.noconvert(),
               "weight"_a.noconvert(), "divisor"_a.noconvert(), "gain"_a.noconvert(),
               "bias"_a.noconvert(), "epsilon"_a, "scale"_a.noconvert(), "alpha"_a,
               "summed"_a.noconvert(), "counts"_a.noconvert(), "kept"_a.noconvert().none(),
               "noisy"_a = false, "register_bytes"_a = 0,
               "The same with a drive that is divided: gain * x weight / (x divisor + epsilon) + "
               "bias. With noisy, kept[0] must hold the noise at first.");
    module.def("backward_divisive", backward_divisive, "trains"_a.noconvert(),
               "index"_a.noconvert(), "gain"_a.noconvert(), "scale"_a.noconvert(), "alpha"_a,
               "shape"_a, "slope"_a, "kept"_a.noconvert(), "dsummed"_a.noconvert(),
               "dweight"_a.noconvert(), "ddivisor"_a.noconvert(), "dgain"_a.noconvert(),
               "dbias"_a.noconvert(), "dcounts"_a.noconvert().none() = nb::none(),
               "register_bytes"_a = 0,
               "Write the gradients of weight, divisor, gain and bias, likewise.");
    module.def("transpose", transpose, "bits"_a.noconvert(), "trains"_a.noconvert(),
               "Write the same spikes, packed along time for each fibre instead, to trains.");
    module.def("draw_spikes", draw_spikes, "start"_a.noconvert(), "time"_a.noconvert(),
               "delay"_a.noconvert(), "power"_a, "coefficients"_a.noconvert(), "spikes_per_bin"_a,
               "seed"_a, "purpose"_a, "first"_a, "bits"_a.noconvert(), "register_bytes"_a = 0,
               "Write the bit-packed spikes of one data set to bits, from sines and cosines. The "
               "envelope is raised to the power, or is put into a polynomial if there are "
               "coefficients, the highest power first.");
}
