// Surrogate gradients that replace the derivative of H(v - 1), by shape; x = slope (v - 1).
// Definition: docs/model.md, "Surrogate gradient".
#pragma once

#include <cstdint>

#include "tile.hpp"

namespace spikeloc {

enum class Shape { sigmoid, fast_sigmoid, superspike, triangular };

struct Surrogate {
    Shape shape;
    float slope;
};

// slope sigma(x) (1 - sigma(x))
template <int bytes>
struct Sigmoid {
    float slope;

    SPIKELOC_INLINE Tile<bytes> operator()(const Tile<bytes>& v) const {
        return v.surrogate(slope);
    }
};

// peak / (1 + |x|)^2
template <int bytes>
struct Rational {
    float slope, peak;

    SPIKELOC_INLINE Tile<bytes> operator()(const Tile<bytes>& v) const {
        const auto distance = v.distance_from_threshold(slope);
        Tile<bytes> result;
        SPIKELOC_UNROLL for (int i = 0; i < Tile<bytes>::kParts; ++i) {
            const auto denominator = 1.0f + distance.part[i];
            result.part[i] = peak / (denominator * denominator);
        }
        return result;
    }
};

// slope max(0, 1 - |x|)
template <int bytes>
struct Triangle {
    float slope;

    SPIKELOC_INLINE Tile<bytes> operator()(const Tile<bytes>& v) const {
        using Floats = typename Tile<bytes>::Floats;
        const auto distance = v.distance_from_threshold(slope);
        Tile<bytes> result;
        SPIKELOC_UNROLL for (int i = 0; i < Tile<bytes>::kParts; ++i) {
            const Floats height = 1.0f - distance.part[i];
            result.part[i] = slope * (height > 0.0f ? height : Floats{});
        }
        return result;
    }
};

}  // namespace spikeloc
