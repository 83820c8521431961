"""The interval of a mean: against another implementation, and how often it holds the true mean."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta
from scipy.stats import t as student_t

from spikeloc.statistics import bootstrap
from spikeloc.statistics.bootstrap import bootstrap_interval

pytestmark = pytest.mark.long

SKEWED = [71.2, 70.4, 73.9, 70.1, 70.8, 78.3, 72.0, 70.2, 71.1, 74.6]

few = st.lists(st.integers(-1000, 1000), min_size=2, max_size=9)


def plain_interval(values: list[float]) -> tuple[float, float]:
    """The same from the definition, with numpy's own random numbers and scipy's distribution."""
    x = np.array(values) - np.mean(values)
    weights = beta(0.5, 1.5).rvs((200_000, len(x)), random_state=np.random.default_rng(8))
    weights /= weights.sum(axis=1, keepdims=True)
    means = weights @ x
    sds = np.sqrt((weights * (x - means[:, np.newaxis]) ** 2).sum(axis=1))
    low, high = np.quantile(means / sds, [0.025, 0.975])
    return np.mean(values) - high * x.std(), np.mean(values) - low * x.std()


@pytest.mark.parametrize("values", [[2.0, 4.0], [1.0, 3.0, 8.0], SKEWED, [3.0] * 9 + [4.0]])
def test_interval_is_that_of_the_definition(values: list[float]) -> None:
    low, high = plain_interval(values)
    assert bootstrap_interval(values) == pytest.approx((low, high), abs=0.02 * (high - low))


def test_interval_stays_what_it_was() -> None:
    assert bootstrap_interval(SKEWED) == pytest.approx((70.77991343358984, 75.18264293631105))


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 16, 23, 24, 1000])
def test_arrays_are_added_each_once(count: int) -> None:
    terms = 3 ** np.arange(count, dtype=object) * np.array([[1], [2]], dtype=object)
    whole = (3**count - 1) // 2
    assert bootstrap.added(count, terms.T).tolist() == [whole, 2 * whole]


@pytest.mark.parametrize("count", [*range(1, 26), 100, 128])
def test_arrays_are_added_in_the_order_of_numpy(count: int) -> None:
    """Tables were made with numpy's sums of rows, whose last bits depend on the order."""
    rows = np.random.default_rng(count).normal(size=(50, count))
    assert np.array_equal(bootstrap.added(count, list(rows.T.copy())), rows.sum(axis=1))


def test_many_values_have_fewer_resamples() -> None:
    made = {n: bootstrap.number_of_resamples(n) for n in (2, 100, 101, 300, 1000, 100_000)}
    assert made == {2: 100_000, 100: 100_000, 101: 99_008, 300: 33_332, 1000: 10_000, 100_000: 1000}


def test_skewed_values_have_the_longer_side_where_the_tail_is() -> None:
    low, high = bootstrap_interval(SKEWED)
    assert high - np.mean(SKEWED) > 1.5 * (np.mean(SKEWED) - low)


@pytest.mark.parametrize("n", [300, 1000])
def test_many_values_have_the_interval_of_students_t(n: int) -> None:
    values = student_t(50).rvs(n, random_state=np.random.default_rng(4))
    half = student_t.ppf(0.975, n - 1) * values.std(ddof=1) / np.sqrt(n)
    low, high = bootstrap_interval(values)
    assert (high - low) / 2 == pytest.approx(half, rel=0.03)
    assert (low + high) / 2 == pytest.approx(values.mean(), abs=0.1 * half)


@given(few, st.permutations(range(9)))
def test_order_does_not_matter(values: list[int], order: list[int]) -> None:
    shuffled = [values[place] for place in order if place < len(values)]
    assert bootstrap_interval(shuffled) == bootstrap_interval(values)


@given(few)
def test_mirrored_values_have_the_mirrored_interval(values: list[int]) -> None:
    low, high = bootstrap_interval(values)
    assert bootstrap_interval([-value for value in values]) == pytest.approx((-high, -low))


@given(few)
def test_interval_holds_the_mean_and_moves_with_the_values(values: list[int]) -> None:
    low, high = bootstrap_interval(values)
    assert low <= np.mean(values) + 1e-9 and np.mean(values) - 1e-9 <= high
    moved = bootstrap_interval([3 + value / 8 for value in values])
    assert moved == pytest.approx((3 + low / 8, 3 + high / 8), abs=1e-6)


@pytest.mark.parametrize("value", [0.0, 7.5, 0.1, -1e300])
@pytest.mark.parametrize("n", [2, 3, 10])
def test_equal_values_leave_no_doubt(value: float, n: int) -> None:
    assert bootstrap_interval([value] * n) == (value, value)


def test_values_too_small_to_square_are_no_trouble() -> None:
    assert bootstrap_interval([0.0, 5e-324, 0.0]) == (0.0, 0.0)


def coverage(samples: npt.NDArray[np.float64], mean: float) -> float:
    ends = np.array([bootstrap_interval(sample) for sample in samples])
    return float(np.mean((ends[:, 0] <= mean) & (mean <= ends[:, 1])))


@pytest.mark.long
@pytest.mark.parametrize("n", [5, 10])
def test_coverage(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # 1000 samples: binomial sd 0.7 points at 95 %
    monkeypatch.setattr(bootstrap, "RESAMPLES", 8000)
    random = np.random.default_rng(12)
    assert coverage(random.normal(size=(1000, n)), 0) == pytest.approx(0.95, abs=0.02)
    skewed = random.exponential(size=(1000, n))
    halves = student_t.ppf(0.975, n - 1) * skewed.std(axis=1, ddof=1) / np.sqrt(n)
    of_t = np.mean(np.abs(skewed.mean(axis=1) - 1) <= halves)
    assert coverage(skewed, 1) > max(of_t, 0.88)
