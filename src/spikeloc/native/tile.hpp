// Vector registers of any width: 32 floats, one for each hidden unit, or words and doubles.
//
// GCC's and Clang's vector extensions, so that the same source serves SSE2, AVX2, AVX-512 and NEON.
// Nothing here adds across lanes, nothing is contracted (-ffp-contract=off) and exp is our own:
// every width gives the same bits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

#define SPIKELOC_INLINE __attribute__((always_inline)) inline
#define SPIKELOC_UNROLL _Pragma("GCC unroll 16")

namespace spikeloc {

constexpr int kTile = 32;  // hidden units that are computed together

template <int bytes>
struct Register {
    typedef float Floats __attribute__((vector_size(bytes)));
    typedef int32_t Ints __attribute__((vector_size(bytes)));
    typedef float Anywhere __attribute__((vector_size(bytes), aligned(4), may_alias));
};

// One value for each of the 32 hidden units, in registers of `bytes` bytes.
template <int bytes>
struct Tile {
    using Floats = typename Register<bytes>::Floats;
    using Ints = typename Register<bytes>::Ints;
    using Anywhere = typename Register<bytes>::Anywhere;  // in memory, however aligned
    static constexpr int kLanes = bytes / static_cast<int>(sizeof(float));
    static constexpr int kParts = kTile / kLanes;

    Floats part[kParts];

    SPIKELOC_INLINE static Tile all(float value) {
        Tile tile;
        SPIKELOC_UNROLL for (int i = 0; i < kParts; ++i) tile.part[i] = value - Floats{};
        return tile;
    }

    SPIKELOC_INLINE static Floats part_at(const float* from) {
        return *reinterpret_cast<const Anywhere*>(from);
    }

    SPIKELOC_INLINE static void put_part(float* to, Floats value) {
        *reinterpret_cast<Anywhere*>(to) = value;
    }

    SPIKELOC_INLINE static Tile load(const float* from) {
        Tile tile;
        SPIKELOC_UNROLL for (int i = 0; i < kParts; ++i) tile.part[i] = part_at(from + i * kLanes);
        return tile;
    }

    SPIKELOC_INLINE void store(float* to) const {
        SPIKELOC_UNROLL for (int i = 0; i < kParts; ++i) put_part(to + i * kLanes, part[i]);
    }

    SPIKELOC_INLINE Tile& operator+=(const Tile& other) {
        SPIKELOC_UNROLL for (int i = 0; i < kParts; ++i) part[i] += other.part[i];
        return *this;
    }

    friend SPIKELOC_INLINE Tile operator+(Tile a, const Tile& b) {
        SPIKELOC_UNROLL for (int i = 0; i < kParts; ++i) a.part[i] += b.part[i];
        return a;
    }

    friend SPIKELOC_INLINE Tile operator-(Tile a, const Tile& b) {
        SPIKELOC_UNROLL for (int i = 0; i < kParts; ++i) a.part[i] -= b.part[i];
        return a;
    }

    friend SPIKELOC_INLINE Tile operator*(Tile a, const Tile& b) {
        SPIKELOC_UNROLL for (int i = 0; i < kParts; ++i) a.part[i] *= b.part[i];
        return a;
    }

    friend SPIKELOC_INLINE Tile operator*(float scale, Tile a) {
        SPIKELOC_UNROLL for (int i = 0; i < kParts; ++i) a.part[i] = scale * a.part[i];
        return a;
    }

    friend SPIKELOC_INLINE Tile operator/(Tile a, const Tile& b) {
        SPIKELOC_UNROLL for (int i = 0; i < kParts; ++i) a.part[i] /= b.part[i];
        return a;
    }

    // H(v - 1): 1 where the potential is above threshold, else 0.
    SPIKELOC_INLINE Tile above_threshold() const {
        const Floats one = 1.0f - Floats{};
        Tile spikes;
        SPIKELOC_UNROLL for (int i = 0; i < kParts; ++i) {
            spikes.part[i] = part[i] > one ? one : Floats{};
        }
        return spikes;
    }

    // beta sigma(x) (1 - sigma(x)) at x = beta (v - 1), which is beta e / (1 + e)^2, e = exp(-|x|).
    SPIKELOC_INLINE Tile surrogate(float beta) const {
        Tile slope;
        SPIKELOC_UNROLL for (int i = 0; i < kParts; ++i) {
            const Floats x = beta * (part[i] - 1.0f);
            const Floats e = exp_of_negative((Floats)((Ints)x | INT32_MIN));
            const Floats denominator = 1.0f + e;
            slope.part[i] = beta * e / (denominator * denominator);
        }
        return slope;
    }

    // |beta (v - 1)|
    SPIKELOC_INLINE Tile distance_from_threshold(float beta) const {
        Tile distance;
        SPIKELOC_UNROLL for (int i = 0; i < kParts; ++i) {
            distance.part[i] = (Floats)((Ints)(beta * (part[i] - 1.0f)) & INT32_MAX);
        }
        return distance;
    }

    // exp(x) for x <= 0 with a relative error of 2e-7, by a minimax polynomial on |r| <= ln 2 / 2;
    // below -40, where it nearly vanishes, exp(-40) is taken: subnormal gradients would be slow.
    SPIKELOC_INLINE static Floats exp_of_negative(Floats x) {
        const Floats lowest = -40.0f - Floats{};
        const Ints below = (Ints)(x < lowest);
        x = (Floats)((below & (Ints)lowest) | (~below & (Ints)x));
        // the nearest integer n to x / ln 2 ends up in the lowest bits of the mantissa
        const Floats shifted = x * 1.44269504088896341f + 12582912.0f;
        const Floats n = shifted - 12582912.0f;
        const Floats r = (x - n * 0.693359375f) - n * -2.12194440e-4f;  // ln 2 in two parts
        Floats p = 8.37233e-3f * r + 4.1899e-2f;
        p = p * r + 1.6666482e-1f;
        p = p * r + 4.9999139e-1f;
        p = p * (r * r) + r + 1.0f;
        return (Floats)((Ints)p + ((Ints)shifted << 23));  // times 2^n, in the exponent
    }
};

// Words and doubles in registers of `bytes` bytes.
template <int bytes>
struct Lanes {
    typedef uint64_t Words __attribute__((vector_size(bytes)));
    typedef double Doubles __attribute__((vector_size(bytes)));
    typedef uint64_t WordsAnywhere __attribute__((vector_size(bytes), aligned(8), may_alias));
    static constexpr int kCount = bytes / static_cast<int>(sizeof(uint64_t));

    SPIKELOC_INLINE static Words words_at(const uint64_t* from) {
        return *reinterpret_cast<const WordsAnywhere*>(from);
    }

    SPIKELOC_INLINE static Doubles doubles_at(const double* from) {
        return (Doubles)*reinterpret_cast<const WordsAnywhere*>(from);
    }

    SPIKELOC_INLINE static void put(uint64_t* to, Words value) {
        *reinterpret_cast<WordsAnywhere*>(to) = value;
    }
};

// Memory aligned to cache lines, so that a register is never split over two of them.
template <typename T>
struct LineAllocator {
    using value_type = T;
    static constexpr std::align_val_t kLine{64};

    LineAllocator() = default;
    template <typename U>
    LineAllocator(const LineAllocator<U>&) {}
    T* allocate(size_t count) {
        return static_cast<T*>(::operator new(count * sizeof(T), kLine));
    }
    void deallocate(T* memory, size_t) { ::operator delete(memory, kLine); }
    bool operator==(const LineAllocator&) const { return true; }
    bool operator!=(const LineAllocator&) const { return false; }
};

using Buffer = std::vector<float, LineAllocator<float>>;

}  // namespace spikeloc
