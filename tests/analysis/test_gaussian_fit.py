"""Gaussians with their sign, recovered from curves made of them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikeloc.analysis.gaussian_fit import HALF_HEIGHT, fit_gaussians

IPD_DEG = np.arange(-87.5, 90, 5)


def gaussian(base: float, height: float, centre: float, width: float) -> np.ndarray:
    return base + height * np.exp(-((IPD_DEG - centre) ** 2) / (2 * width**2))


@given(
    base=st.floats(0, 50), height=st.one_of(st.floats(1, 30), st.floats(-30, -1)),
    centre=st.floats(-90, 90), width=st.floats(8, 60),
)  # fmt: skip
def test_sign_centre_and_width_are_recovered(
    base: float, height: float, centre: float, width: float
) -> None:
    fits = fit_gaussians(IPD_DEG, gaussian(base, height, centre, width)[None])
    assert np.sign(fits.height[0]) == np.sign(height)
    assert fits.r_squared[0] > 0.995
    if abs(centre) < 60 and width < 30:  # both flanks are seen: nothing else is like it
        assert fits.centre_deg[0] == pytest.approx(centre, abs=1)
        assert fits.width_deg[0] == pytest.approx(width, rel=0.05)
        assert fits.height[0] == pytest.approx(height, rel=0.05)
        assert fits.base[0] == pytest.approx(base, abs=0.1 * abs(height))


def test_a_curve_on_the_grid_is_fitted_exactly() -> None:
    fits = fit_gaussians(IPD_DEG, gaussian(20, -12, 30, 5)[None])
    found = (fits.base, fits.height, fits.centre_deg, fits.width_deg, fits.r_squared)
    assert np.ravel(found) == pytest.approx([20, -12, 30, 5, 1])


def test_half_height_is_where_half_of_it_is_left() -> None:
    assert math.exp(-(HALF_HEIGHT**2) / 2) == pytest.approx(0.5)


def test_kinds_of_curves_made_up() -> None:
    noise = np.where(np.arange(len(IPD_DEG)) % 2, 1.0, -1.0)
    curves = np.stack(
        [
            gaussian(2, 5, 10, 20),
            gaussian(9, -5, -40, 20),
            # half height at 80 +- 23.5 degrees: the far side is out of sight
            gaussian(2, 5, 80, 20),
            IPD_DEG,  # a slope
            noise,
            np.full(len(IPD_DEG), 7.0),
        ]
    )
    fits = fit_gaussians(IPD_DEG, curves)
    assert fits.kinds().tolist() == ["peak", "dip", "flank", "flank", "other", "other"]
    assert math.isnan(fits.r_squared[5]) and fits.r_squared[4] < 0.2


def test_a_peak_in_much_noise_is_none() -> None:
    noise = 5 * np.cos(np.arange(len(IPD_DEG)) * 2.5)
    curve = gaussian(2, 5, 0, 20)
    assert fit_gaussians(IPD_DEG, (curve + noise)[None]).kinds() == ["other"]
    assert fit_gaussians(IPD_DEG, (curve + 0.1 * noise)[None]).kinds() == ["peak"]
