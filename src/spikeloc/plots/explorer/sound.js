// The controls of the sound.
import { byId, degrees, make, number } from "./elements.js";

/** @typedef {import("./data.js").Embedded} Embedded */
/** @typedef {import("./trace.js").Sound} Sound */

const POWERS = [0, 1, 2, 3, 4, 5, 7, 10, 20, 30, 40, 50, 100];
const EARS = /** @type {[string, string][]} */ ([["", "both ears"], ["right", "the left ear only"], ["left", "the right ear only"]]);

/**
 * Make the controls in a place. `changed` is called after each change.
 * @param {HTMLElement} place @param {() => void} changed
 */
export function soundControls(place, changed) {
  /** @type {Embedded} */
  let trained;
  let powers = POWERS;
  const sliders = {
    ipd: slider("IPD", -90, 90, 0.5, degrees, "Interaural phase difference; positive: the right ear leads"),
    phase: slider("Starting phase", 0, 1, 0.01, (v) => `${number(v, 2)} cycles`, "Where in its cycle the tone begins"),
    power: slider("Envelope power", 0, POWERS.length - 1, 1, (v) => `k = ${powers[v]}`, "How sharply the firing rate follows the tone"),
    rate: slider("Largest rate", 0, 1000, 10, (v) => `${number(v, 0)} spikes/s`, "Of each fibre, at the peak of the tone"),
    duration: slider("Duration", 20, 400, 10, (v) => `${v} ms`, "Of the tone"),
    noise: slider("Noise", 0, 1, 0.02, (v) => (v ? `sd ${number(v, 2)}` : "none"), "Current into the hidden units, in thresholds"),
  };
  const ears = make("select", { id: "ears" }, ...EARS.map(([value, text]) => new Option(text, value)));
  ears.onchange = () => (mark(), changed());
  place.append(...Object.values(sliders).map((each) => each.element));
  place.append(make("label", {}, "The network hears ", ears));

  /**
   * @param {string} text @param {number} min @param {number} max @param {number} step
   * @param {(value: number) => string} shown @param {string} title
   */
  function slider(text, min, max, step, shown, title) {
    const output = make("output");
    const id = `slider-${text.toLowerCase().replaceAll(" ", "-")}`;
    const input = make("input", { type: "range", min, max, step, id });
    const write = () => {
      output.textContent = shown(Number(input.value));
      input.setAttribute("aria-valuetext", output.textContent);
    };
    input.oninput = () => (write(), mark(), changed());
    const element = make("label", { className: "slider", title }, make("span", {}, text, output), input);
    return { element, input, write };
  }

  /** @returns {Sound} */
  function read() {
    const at = (/** @type {keyof typeof sliders} */ name) => Number(sliders[name].input.value);
    const stimulus = {
      ...trained.stimulus,
      envelope_power: powers[at("power")],
      rate_max_hz: at("rate"),
      duration_ms: at("duration"),
    };
    const deaf = new Set(ears.value ? [String(ears.value)] : []);
    const own = trained.stimulus;
    const asTrained = stimulus.envelope_power === own.envelope_power && !deaf.size &&
      stimulus.rate_max_hz === own.rate_max_hz && stimulus.duration_ms === own.duration_ms &&
      at("noise") === trained.noiseSd;
    return { stimulus, ipdDeg: at("ipd"), phaseCycles: at("phase"), noiseSd: at("noise"), deaf, asTrained };
  }

  /** Say whether the network knows such a sound. */
  function mark() {
    const { asTrained } = read();
    byId("untrained").hidden = asTrained;
    byId("untrained").textContent = "The network was not trained with this sound.";
    byId("as-trained").disabled = asTrained;
  }

  /** Take the sound that a network was trained with; the IPD and the phase stay. @param {Embedded} embedded */
  function reset(embedded) {
    const first = trained === undefined;
    trained = embedded;
    const { stimulus } = embedded;
    powers = [...new Set([...POWERS, stimulus.envelope_power])].sort((a, b) => a - b);
    sliders.power.input.max = powers.length - 1;
    sliders.rate.input.max = 1000 / stimulus.time_step_ms;
    sliders.rate.input.step = stimulus.rate_max_hz % 10 ? "any" : 10;
    const step = stimulus.time_step_ms, ms = stimulus.duration_ms;
    Object.assign(sliders.duration.input, {
      min: Math.min(20, ms),
      max: Math.max(400, ms),
      step: ms % 10 || 10 % step ? step : 10,
    });
    if (first) sliders.ipd.input.value = 37.5;
    if (first) sliders.phase.input.value = 0;
    sliders.power.input.value = powers.indexOf(stimulus.envelope_power);
    sliders.rate.input.value = stimulus.rate_max_hz;
    sliders.duration.input.value = stimulus.duration_ms;
    sliders.noise.input.max = Math.max(1, embedded.noiseSd);
    sliders.noise.input.step = embedded.noiseSd % 0.02 ? "any" : 0.02;
    sliders.noise.input.value = embedded.noiseSd;
    ears.value = "";
    for (const each of Object.values(sliders)) each.write();
    mark();
  }

  return { read, reset };
}
