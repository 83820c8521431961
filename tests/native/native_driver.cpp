// The native core over awkward shapes, without Python: for AddressSanitizer and
// UndefinedBehaviorSanitizer (`make sanitize`), and for other processors (`make test-arm`), which must
// print the same. Fails too if two register widths give different bits.

#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <random>
#include <vector>

#include "dispatch.hpp"

namespace {

std::mt19937 generator(1);

size_t between(size_t low, size_t high) {
    return std::uniform_int_distribution<size_t>(low, high)(generator);
}

template <typename T>
std::vector<T> random_values(size_t count) {
    std::vector<T> values(count);
    for (auto& value : values) value = static_cast<T>(std::uniform_real_distribution<>(-1, 1)(generator));
    return values;
}

std::vector<uint8_t> random_bytes(size_t count) {
    std::vector<uint8_t> values(count);
    for (auto& value : values) value = static_cast<uint8_t>(between(0, 255));
    return values;
}

template <typename T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
    return a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

// What a layer makes forward and backward.
struct Run {
    std::vector<float> summed, charge, gradient;
    std::vector<int32_t> counts;
};

struct Results {
    Run plain, divided;
    std::vector<uint8_t> bits;
};

bool operator==(const Run& a, const Run& b) {
    return same(a.summed, b.summed) && same(a.charge, b.charge) && same(a.gradient, b.gradient) &&
           same(a.counts, b.counts);
}

bool operator==(const Results& a, const Results& b) {
    return a.plain == b.plain && a.divided == b.divided && same(a.bits, b.bits);
}

// Number of values of all problems, how many are not zero, and a checksum of their bytes (FNV-1a).
struct Total {
    size_t values = 0, not_zero = 0;
    uint64_t checksum = 14695981039346656037u;

    template <typename T>
    void add(const std::vector<T>& more) {
        values += more.size();
        for (const T& value : more) {
            not_zero += value != T{};
            unsigned char bytes[sizeof(T)];
            std::memcpy(bytes, &value, sizeof(T));
            for (const unsigned char byte : bytes) checksum = (checksum ^ byte) * 1099511628211u;
        }
    }

    void print(const char* name) const {
        std::printf("%-16s %9zu values, %9zu not zero, %016" PRIx64 "\n", name, values, not_zero,
                    checksum);
    }
};

struct RunTotal {
    Total counts, summed, charge, gradient;

    void add(const Run& more) {
        counts.add(more.counts);
        summed.add(more.summed);
        charge.add(more.charge);
        gradient.add(more.gradient);
    }

    void print() const {
        counts.print("hidden spikes");
        summed.print("sums over time");
        charge.print("charges");
        gradient.print("gradients");
    }
};

struct Totals {
    Total bits;
    RunTotal plain, divided;

    void add(const Results& more) {
        bits.add(more.bits);
        plain.add(more.plain);
        divided.add(more.divided);
    }

    void print() const {
        bits.print("stimulus bytes");
        plain.print();
        std::printf("with divisive inhibition:\n");
        divided.print();
    }
};

// One random problem with every core that runs here; whether all agree.
bool try_one(Totals& totals) {
    const size_t networks = between(0, 3), samples = between(0, 4), steps = between(1, 30);
    const size_t inputs = between(1, 50), hidden = between(0, 70), rows = between(1, 9);
    const size_t bytes = (inputs + 7) / 8, train = (steps + 7) / 8;
    const auto bits = random_bytes(rows * steps * bytes);
    std::vector<uint8_t> trains(rows * inputs * train);
    spikeloc::transpose_all(bits.data(), rows, steps, inputs, trains.data());
    std::vector<int64_t> index(networks * samples);
    for (auto& row : index) row = static_cast<int64_t>(between(0, rows - 1));
    const auto scale = random_values<float>(steps);
    const auto w1 = random_values<float>(networks * inputs * hidden);
    const auto dsummed = random_values<float>(networks * samples * hidden);
    const auto dcounts = random_values<float>(networks * samples * hidden);
    const bool counted = between(0, 1);
    const spikeloc::Layer layer{bits.data(), index.data(), scale.data(), networks, samples, steps,
                                inputs,      hidden,       0.9f};
    spikeloc::Layer along_time = layer;
    along_time.bits = trains.data();

    const bool noisy = between(0, 1);
    const auto noise = random_values<float>(networks * samples * layer.tiles() * layer.driven() * spikeloc::kTile);
    const spikeloc::Surrogate surrogate{static_cast<spikeloc::Shape>(between(0, 3)), 5.0f};

    const size_t matrices = networks * inputs * hidden, rows_of_units = networks * hidden;
    auto divisor = random_values<float>(matrices);
    for (float& value : divisor) value = std::fabs(value);
    const auto gain = random_values<float>(rows_of_units), bias = random_values<float>(rows_of_units);

    const size_t fibres = between(0, 150), drawn = between(0, 3);
    const auto start = random_values<double>(4 * drawn), time = random_values<double>(2 * steps);
    const auto delay = random_values<double>(4 * fibres);
    const auto coefficients = random_values<double>(between(0, 4));
    const spikeloc::Tone tone{start.data(), start.data() + 2 * drawn,
                              time.data(),  time.data() + steps,
                              delay.data(), delay.data() + 2 * fibres,
                              drawn,        steps,
                              fibres,       between(0, 9),
                              coefficients.data(), coefficients.size(),
                              0.7,          between(0, 99),
                              7,            between(0, 99)};
    std::vector<Results> all;
    for (const int width : {16, 32, 64}) {
        const spikeloc::Core* core = spikeloc::find_core(width);
        if (!core) continue;
        Results got;
        got.bits.resize(drawn * steps * tone.bytes());
        const float* const pull = counted ? dcounts.data() : nullptr;
        for (Run* run : {&got.plain, &got.divided}) {
            run->summed.resize(networks * samples * hidden);
            run->counts.resize(networks * samples * hidden);
        }
        got.plain.gradient.resize(matrices);
        got.divided.gradient.resize(2 * matrices + 2 * rows_of_units);

        Run& plain = got.plain;
        core->forward(layer, w1.data(), plain.summed.data(), plain.counts.data(), nullptr, false);
        plain.charge = noise;
        core->forward(layer, w1.data(), plain.summed.data(), plain.counts.data(), plain.charge.data(), noisy);
        core->backward(along_time, surrogate, plain.charge.data(), dsummed.data(), pull, plain.gradient.data());

        Run& divided = got.divided;
        const spikeloc::Divisive<const float> of{w1.data(), divisor.data(), gain.data(), bias.data()};
        float* const to = divided.gradient.data();
        const spikeloc::Divisive<float> gradient{to, to + matrices, to + 2 * matrices,
                                                 to + 2 * matrices + rows_of_units};
        core->forward_divisive(layer, of, 1e-8f, divided.summed.data(), divided.counts.data(), nullptr, false);
        divided.charge = noise;
        divided.charge.resize(3 * noise.size());
        core->forward_divisive(layer, of, 1e-8f, divided.summed.data(), divided.counts.data(), divided.charge.data(), noisy);
        core->backward_divisive(along_time, surrogate, gain.data(), divided.charge.data(), dsummed.data(), pull, gradient);

        core->draw_spikes(tone, got.bits.data());
        all.push_back(got);
    }
    for (const auto& each : all) {
        if (!(each == all.front())) return false;
    }
    totals.add(all.front());
    return true;
}

}  // namespace

int main() {
    Totals totals;
    for (int i = 0; i < 500; ++i) {
        if (!try_one(totals)) {
            std::fprintf(stderr, "problem %d: the register widths disagree\n", i);
            return 1;
        }
    }
    std::printf("500 problems, no complaints\n");
    totals.print();
}
