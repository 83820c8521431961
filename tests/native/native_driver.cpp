// The native core over awkward shapes, without Python: for AddressSanitizer and
// UndefinedBehaviorSanitizer (`make sanitize`), and for other processors (`make test-arm`), which must
// print the same. Fails too if two register widths give different bits.

#include <cinttypes>
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

struct Results {
    std::vector<float> summed, charge, dw1;
    std::vector<int32_t> counts;
    std::vector<uint8_t> bits;
};

bool operator==(const Results& a, const Results& b) {
    return same(a.summed, b.summed) && same(a.charge, b.charge) && same(a.dw1, b.dw1) &&
           same(a.counts, b.counts) && same(a.bits, b.bits);
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

struct Totals {
    Total bits, counts, summed, charge, dw1;

    void add(const Results& more) {
        bits.add(more.bits);
        counts.add(more.counts);
        summed.add(more.summed);
        charge.add(more.charge);
        dw1.add(more.dw1);
    }

    void print() const {
        bits.print("stimulus bytes");
        counts.print("hidden spikes");
        summed.print("sums over time");
        charge.print("charges");
        dw1.print("gradients");
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

    const size_t fibres = between(0, 150), drawn = between(0, 3);
    const auto start = random_values<double>(4 * drawn), time = random_values<double>(2 * steps);
    const auto delay = random_values<double>(4 * fibres);
    const spikeloc::Tone tone{start.data(), start.data() + 2 * drawn,
                              time.data(),  time.data() + steps,
                              delay.data(), delay.data() + 2 * fibres,
                              drawn,        steps,
                              fibres,       between(0, 9),
                              0.7,          between(0, 99),
                              7,            between(0, 99)};
    std::vector<Results> all;
    for (const int width : {16, 32, 64}) {
        const spikeloc::Core* core = spikeloc::find_core(width);
        if (!core) continue;
        Results got;
        got.summed.resize(networks * samples * hidden);
        got.counts.resize(networks * samples * hidden);
        got.dw1.resize(networks * inputs * hidden);
        got.bits.resize(drawn * steps * tone.bytes());
        core->forward(layer, w1.data(), got.summed.data(), got.counts.data(), nullptr, false);
        got.charge = noise;
        core->forward(layer, w1.data(), got.summed.data(), got.counts.data(), got.charge.data(), noisy);
        core->backward(along_time, surrogate, got.charge.data(), dsummed.data(),
                       counted ? dcounts.data() : nullptr, got.dw1.data());
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
