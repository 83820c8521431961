"""What the interactive page computes, and what it makes of texts, in a browser."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from browser import foreign, logged, needs_browser, opened, requested
from explorer_data import HOSTILE, small_contents
from selenium.webdriver import Chrome

from spikeloc.config.parameters import NetworkParameters, StimulusParameters
from spikeloc.decoders.ideal_observer import Grid, estimate, unknown_posterior
from spikeloc.decoders.likelihood import log_likelihood
from spikeloc.io.randomness import purpose_key
from spikeloc.networks.spiking_network import SpikingNetwork
from spikeloc.plots.explorer import page
from spikeloc.stimulus.generator import make_data_set

pytestmark = [needs_browser, pytest.mark.long]

STIMULI = 500
# Six networks of different sizes, time constants and stimuli.
NETWORKS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"tau_ms": 20.0}, {"envelope_power": 100.0}),
    ({"hidden_units": 33, "tau_ms": 2.0}, {"fibres_per_ear": 37, "envelope_power": 1.5}),
    ({"hidden_units": 5, "readout_tau_ms": 20.0}, {"fibres_per_ear": 10, "time_step_ms": 0.5}),
    ({"classes": 7}, {"fibre_delay_min_deg": -30.0, "fibre_delay_max_deg": 45.0}),
    ({"hidden_units": 12}, {"fibres_per_ear": 1, "duration_ms": 60.0}),
]
# Packed spikes as the page has them, one byte each.
UNPACK = """
window.unpacked = (text, inputs) => {
  const bytes = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const stride = Math.ceil(inputs / 8);
  return Uint8Array.from({ length: (bytes.length / stride) * inputs }, (_, at) => {
    const step = Math.floor(at / inputs), j = at % inputs;
    return (bytes[step * stride + (j >> 3)] >> (j & 7)) & 1;
  });
};
"""
ROUNDING = 1e-5  # a potential this close to the threshold may be on either side of it
SIMULATE = """
const [told, packed, count] = arguments;
const network = networkOf(told), { inputs, hidden } = network.weights;
const all = unpacked(packed, inputs), size = all.length / count;
const found = { counts: [], summed: [], answers: [], spikes: [], nearest: [] };
for (let i = 0; i < count; i++) {
  const run = network.run(all.subarray(i * size, (i + 1) * size), { record: true });
  found.counts.push(...run.counts), found.summed.push(...run.summed);
  found.answers.push(largest(run.logits));
  found.spikes.push(run.spikes.join(""));
  for (let unit = 0; unit < hidden; unit++) {
    let nearest = Infinity;
    for (let t = 0; t < run.steps; t++) {
      nearest = Math.min(nearest, Math.abs(run.potentials[t * hidden + unit] - 1));
    }
    found.nearest.push(nearest);
  }
}
return found;
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser that has the page's functions, but neither its data nor its elements."""
    folder = tmp_path_factory.mktemp("explorer")
    library = (page.FOLDER / "library" / page.LIBRARIES[0].file).read_text()
    functions = page.script(page.MODULES[:-1])
    whole = f"<meta charset=utf-8><script>{library}</script><script>{functions}{UNPACK}</script>"
    (folder / "functions.html").write_text(whole)
    with opened(folder / "functions.html", folder / "profile") as started:
        yield started


def text64(array: npt.NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def streams(purpose: str) -> dict[str, str]:
    return {kind: f"{purpose_key(f'{purpose}/{kind}'):016x}" for kind in ("ipd", "phase", "spikes")}


@pytest.mark.parametrize(("parameters", "stimulus"), NETWORKS, ids=map(str, range(6)))
def test_hidden_spikes_and_answers_are_those_of_the_package(
    browser: Chrome, parameters: dict[str, Any], stimulus: dict[str, Any]
) -> None:
    sound, known = StimulusParameters(**stimulus), NetworkParameters(**parameters)
    network = SpikingNetwork(known, sound, seed=1)
    network.w1.data *= 2.5 * (200 / sound.inputs) ** 0.5  # else hardly any unit spikes
    spikes = make_data_set(sound, 1, "test", STIMULI).spikes
    with torch.no_grad():
        output = network(spikes)
        recorded = network(spikes, record=True)
    told = {
        "shape": [sound.inputs, known.hidden_units, known.outputs],
        "w1": text64(network.w1.detach().numpy()), "w2": text64(network.w2.detach().numpy()),
        "alpha": network.alpha, "readoutAlpha": network.readout_alpha,
        "logitScale": network.logit_scale,
    }  # fmt: skip
    found = browser.execute_script(SIMULATE, told, text64(spikes.bits), STIMULI)

    shape = (STIMULI, known.hidden_units)
    assert recorded.hidden_spikes is not None and output.hidden_counts is not None
    wanted = recorded.hidden_spikes.numpy().astype(np.uint8)
    mine = np.array([list(text) for text in found["spikes"]], np.uint8).reshape(wanted.shape)
    assert wanted.any()
    differing = (mine != wanted).any(axis=1)  # (samples, units): the reference adds in other orders
    nearest = np.array(found["nearest"]).reshape(shape)
    assert (nearest[differing] < ROUNDING).all()
    assert differing.sum() <= 2
    # the native core adds in the same order
    counts = np.array(found["counts"]).reshape(shape)
    beside = differing if network.is_native(torch.device("cpu")) is False else np.zeros(shape, bool)
    assert (counts[~beside] == output.hidden_counts.numpy()[~beside]).all()
    answers = output.logits.argmax(1).numpy()
    assert (np.array(found["answers"]) != answers).sum() <= beside.any(axis=1).sum()


@pytest.mark.parametrize(
    "stimulus",
    [
        {},
        {"envelope_power": 1.5, "fibres_per_ear": 37},
        {"phase": "per_dataset", "rate_max_hz": 900.0},
    ],
    ids=["default", "odd", "shared phase"],
)
@pytest.mark.parametrize("seed", [1, 2**62 + 12345])
def test_stimuli_have_the_packages_bits(
    browser: Chrome, stimulus: dict[str, Any], seed: int
) -> None:
    sound = StimulusParameters(**stimulus)
    data = make_data_set(sound, seed, "test", 9)
    made = browser.execute_script(
        "const [sound, seed, streams] = arguments;"
        "return [0, 1, 8].map((i) => { const trial = drawTrial(sound, seed, streams, i);"
        "  const spikes = drawSpikes(sound, seed, streams, trial);"
        "  return [trial.ipdRad, trial.phaseCycles, Array.from(spikes).join('')]; });",
        sound.model_dump(), str(seed), streams("test"),
    )  # fmt: skip
    unpacked = data.spikes.unpack().astype(np.uint8)
    for (ipd, phase, spikes), i in zip(made, (0, 1, 8), strict=True):
        assert (ipd, phase) == (data.trials.ipd_rad[i], data.trials.phase_cycles[i])
        assert spikes == "".join(map(str, unpacked[i].ravel()))


@pytest.mark.parametrize(
    "stimulus",
    [
        {},
        {"envelope_power": 0.0},
        {"envelope_power": 100.0, "duration_ms": 30.0},
        {"fibres_per_ear": 3},
    ],
    ids=str,
)
def test_the_observers_posterior_is_the_packages(browser: Chrome, stimulus: dict[str, Any]) -> None:
    sound = StimulusParameters(**stimulus)
    data = make_data_set(sound, 1, "test", 5)
    grid = Grid.for_stimulus(sound, 12)
    ears = log_likelihood(sound, 1, data.spikes, grid.phases_rad())
    posterior = unknown_posterior(*ears, grid)
    mass = (posterior / posterior.sum(1, keepdim=True)).view(5, 12, -1).sum(2).numpy()
    found = browser.execute_script(
        "const [sound, packed] = arguments, observer = new Observer(sound, 12);"
        "const all = unpacked(packed, 2 * sound.fibres_per_ear), size = all.length / 5;"
        "return [0, 1, 2, 3, 4].map((i) => {"
        "  const { mass, medianDeg } = observer.posterior(all.subarray(i * size, (i + 1) * size));"
        "  return [Array.from(mass), medianDeg]; });",
        sound.model_dump(), text64(data.spikes.bits),
    )  # fmt: skip
    median = np.degrees(estimate(sound, data, 12, 1)[False].ipd_rad)
    for i, (own, at) in enumerate(found):
        assert own == pytest.approx(mass[i], abs=1e-4)
        assert at == pytest.approx(median[i], abs=0.02)


def test_statistics_of_trials_by_hand(browser: Chrome) -> None:
    low, high = browser.execute_script("return wilson(8, 10)")
    assert (low, high) == pytest.approx((49.02, 94.33), abs=0.01)  # Wilson 1927
    assert browser.execute_script("return wilson(0, 0)") == [0, 100]
    one, other = [True, True, False, True], [False, True, False, True]
    found = browser.execute_script("return pairedDifference(...arguments)", one, other)
    # one of four is lost: -25 points, and the sd of -1, 0, 0, 0 is sqrt(1/4 - 1/16)
    half = 196 * (3 / 16) ** 0.5 / 2
    wanted = {"mean": -25, "low": -25 - half, "high": -25 + half}
    assert found == pytest.approx(wanted, abs=0.01)
    effects = browser.execute_script(
        "const network = new Network({ inputs: 1, hidden: 2, outputs: 2, alpha: 0.5,"
        "  readoutAlpha: 0.5, logitScale: 1, w1: new Float32Array(2),"
        "  w2: Float32Array.of(1, 0, 0, 1) });"
        "const trials = [[2, 1], [3, 1], [1, 2], [2, 3]].map((summed) => ({ truth: 0, summed }));"
        "return unitEffects(network, trials, new Set()).map((each) => each.mean)"
    )
    assert effects == [-50, 50]  # without unit 0 none is right, without unit 1 all are


def test_texts_of_users_are_only_text(browser: Chrome, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    path.write_text(page.page(small_contents()), encoding="utf-8")
    for kind in ("performance", "browser"):
        logged(browser, kind)
    browser.get(path.as_uri())
    for experiment in ("placement", "tau", "map"):
        browser.execute_script(
            "const select = document.getElementById('experiment');"
            "select.value = arguments[0]; select.onchange()", experiment,
        )  # fmt: skip
        assert browser.execute_script("return document.images.length") == 0
    shown = browser.execute_script("return document.body.innerText")
    assert browser.title.startswith("spikeloc, small") and "Inhibitory fraction" in shown
    assert HOSTILE in browser.execute_script(
        "return document.getElementById('condition').textContent"
    )
    assert [entry for entry in logged(browser, "browser") if entry["level"] == "SEVERE"] == []
    urls = requested(browser)
    assert foreign(urls) == [] and json.dumps(urls).count("file:") == 1
