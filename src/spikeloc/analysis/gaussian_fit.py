"""Gaussians with their sign, fitted to tuning curves: peaks and dips
(docs/model.md, "Analysis of trained networks")."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

# A Gaussian that accounts for at least this share of a curve's variance describes it.
LEAST_R_SQUARED = 0.8
HALF_HEIGHT = math.sqrt(2 * math.log(2))  # in standard deviations from the centre
CENTRES_DEG = np.arange(-90.0, 91.0)
WIDTHS_DEG = np.geomspace(5, 90, 60)  # sd, 5 % from one to the next
KINDS = ("peak", "dip", "flank", "other", "silent")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class GaussianFits:
    """``base + height exp(-(IPD - centre)^2 / (2 width^2))`` of each curve, all (curves,): a peak
    if ``height`` is positive, a dip if negative; NaN for a curve that is flat."""

    base: Floats
    height: Floats
    centre_deg: Floats
    width_deg: Floats
    r_squared: Floats

    def kinds(self) -> npt.NDArray[np.str_]:
        """What each curve is, (curves,): "peak" or "dip" if a Gaussian describes it and both points
        at half height lie within -90 to 90 degrees; "flank" if it does and either of them lies
        outside; "other" if none describes it."""
        within = np.abs(self.centre_deg) + HALF_HEIGHT * self.width_deg <= 90
        signed = np.where(self.height > 0, "peak", "dip")
        described = self.r_squared >= LEAST_R_SQUARED
        return np.where(described, np.where(within, signed, "flank"), "other")


def fit_gaussians(ipd_deg: Floats, curves: Floats) -> GaussianFits:
    """Least-squares Gaussians of curves (curves, ipds), with either sign.

    For a given centre and width the fit is linear, and the share of variance that it accounts for
    is the squared correlation of curve and shape. So all shapes on a grid (1 degree, 5 % of the
    width) are compared and the best is taken: no start values, no local minima.
    """
    centre, width = (each.ravel() for each in np.meshgrid(CENTRES_DEG, WIDTHS_DEG, indexing="ij"))
    shapes = np.exp(-(((ipd_deg - centre[:, None]) / width[:, None]) ** 2) / 2)
    about_mean = shapes - shapes.mean(axis=1, keepdims=True)
    size = np.linalg.norm(about_mean, axis=1)
    deviation = curves - curves.mean(axis=1, keepdims=True)
    spread = np.linalg.norm(deviation, axis=1)
    flat = spread <= 1e-9 * np.abs(curves).max(axis=1)
    correlation = deviation @ (about_mean / size[:, None]).T
    best = np.abs(correlation).argmax(axis=1)
    along = np.take_along_axis(correlation, best[:, None], 1)[:, 0]
    height = along / size[best]
    fits = {
        "base": curves.mean(axis=1) - height * shapes[best].mean(axis=1),
        "height": height,
        "centre_deg": centre[best],
        "width_deg": width[best],
        "r_squared": (along / np.where(flat, 1, spread)) ** 2,
    }
    return GaussianFits(**{name: np.where(flat, np.nan, value) for name, value in fits.items()})
