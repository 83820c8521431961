// The living network: one trial, from the sound to the answer, computed anew after each change.
import { classText, unitText, verdict } from "./answer.js";
import { networkOf, unitSigns } from "./data.js";
import { drawDial, drawShares } from "./dial.js";
import { byId, bracket, fill, make, number } from "./elements.js";
import { largest, softmax } from "./network.js";
import { Observer } from "./observer.js";
import { drawHidden, drawInputs, drawOutputs, unitAt } from "./pictures.js";
import { soundControls } from "./sound.js";
import { traceOf } from "./trace.js";

/** @typedef {import("./data.js").Contents} Contents */
/** @typedef {import("./data.js").ResultRun} ResultRun */
/** @typedef {import("./data.js").Embedded} Embedded */
/** @typedef {import("./stimulus.js").Stimulus} Stimulus */
/** @typedef {import("./trace.js").Trace} Trace */

export class Living {
  /** @type {ResultRun} */ run;
  /** @type {string} */ seed;
  /** @type {Embedded} */ embedded;
  /** @type {import("./network.js").Network} */ network;
  /** @type {number[]} of each hidden unit */ signs;
  /** @type {Trace} */ trace;

  /** @param {Contents} contents */
  constructor(contents) {
    this.contents = contents;
    this.index = 0;
    this.focus = -1;
    this.now = 0;
    /** @type {Set<number>} */
    this.silenced = new Set();
    /** @type {Map<string, Observer>} */
    this.observers = new Map();
    /** Called after the network, the sound or the silenced units have changed. @type {((what: string) => void)[]} */
    this.listeners = [];
    this.runs = contents.runs.filter((run) => Object.keys(run.embedded).length);
    this.sound = soundControls(byId("sliders"), () => this.changed("sound"));
    this.listen();
    this.open(this.runs[0], Object.keys(this.runs[0].embedded)[0]);
  }

  listen() {
    const titles = new Map(this.contents.experiments.map((each) => [each.name, each.title]));
    for (const [name, own] of d3.group(this.runs, (run) => run.experiment)) {
      const group = make("optgroup", { label: titles.get(name) });
      for (const run of own) group.append(new Option(`${run.label}`, String(this.runs.indexOf(run))));
      byId("condition").append(group);
    }
    byId("condition").onchange = () => {
      const run = this.runs[Number(byId("condition").value)];
      this.open(run, this.seed in run.embedded ? this.seed : Object.keys(run.embedded)[0]);
    };
    byId("seed").onchange = () => this.open(this.run, byId("seed").value);
    byId("new-spikes").onclick = () => (this.index++, this.changed("trial"));
    byId("as-trained").onclick = () => (this.sound.reset(this.embedded), this.changed("sound"));
    byId("restore").onclick = () => (this.silenced.clear(), this.changed("units"));
    byId("time").oninput = () => this.show(Number(byId("time").value));
    byId("back").onclick = () => (this.pause(), this.show(this.now - 1));
    byId("forward").onclick = () => (this.pause(), this.show(this.now + 1));
    byId("play").onclick = () => (this.timer ? this.pause() : this.play());
    const hidden = byId("hidden");
    hidden.onpointermove = (/** @type {PointerEvent} */ event) => this.point(unitAt(event.offsetY));
    hidden.onpointerleave = () => this.point(-1);
    hidden.onclick = (/** @type {PointerEvent} */ event) => this.toggle(unitAt(event.offsetY));
    hidden.onkeydown = (/** @type {KeyboardEvent} */ event) => {
      const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (move) this.point(Math.min(Math.max(this.focus + move, 0), this.signs.length - 1));
      else if (event.key === "Enter" || event.key === " ") this.toggle(this.focus);
      else return;
      event.preventDefault();
    };
    new ResizeObserver(() => this.draw()).observe(byId("inputs"));
  }

  /**
   * Show an embedded network. @param {ResultRun} run @param {string} seed @param {string} [notice]
   */
  open(run, seed, notice = "") {
    this.run = run;
    this.seed = seed;
    this.embedded = this.contents.networks[run.embedded[seed]];
    this.network = networkOf(this.embedded);
    this.signs = unitSigns(this.network);
    this.silenced.clear();
    byId("condition").value = String(this.runs.indexOf(run));
    fill(byId("seed"), Object.keys(run.embedded).map((each) => [each, each]), seed);
    byId("seed").disabled = Object.keys(run.embedded).length < 2;
    byId("notice").hidden = !notice;
    byId("notice").textContent = notice;
    this.sound.reset(this.embedded);
    this.describe();
    this.changed("network");
  }

  /** The numbers of the tables about this network. */
  describe() {
    const place = this.run.seeds.findIndex(
      (each, i) => each === this.seed && this.run.networks[i] === 1,
    );
    const own = this.run.values.test_accuracy?.[place];
    const summary = this.run.summary.test_accuracy;
    const parts = [`${this.embedded.signs}.`];
    if (own != null) parts.push(`Test accuracy in the table: ${number(own)} %.`);
    if (summary) {
      const [n, mean, low, high] = summary;
      parts.push(`Mean of ${n} seeds: ${number(mean)} %${bracket(low, high)}.`);
    }
    byId("facts").textContent = parts.join(" ");
    const kinds = /** @type {[string, string, number][]} */ ([["excitatory", "excitatory", 1], ["inhibitory", "inhibitory", -1], ["mixed", "both signs", 0]]);
    const counts = kinds.map(([, , sign]) => this.signs.filter((each) => each === sign).length);
    const shown = kinds.flatMap(([name, text], i) =>
      counts[i] ? [make("i", { style: `background: var(--${name})` }), `${counts[i]} ${text}`] : [],
    );
    byId("signs").replaceChildren(...shown);
  }

  /** @param {string} what */
  changed(what) {
    const whole = this.trace ? this.now === this.trace.steps - 1 : true;
    const sound = this.sound.read();
    const streams = this.contents.streams.explorer;
    this.trace = traceOf(this, sound, streams, this.index, this.silenced, this.observer(sound.stimulus));
    byId("time").max = this.trace.steps - 1;
    byId("trial-number").textContent = this.index;
    byId("restore").hidden = !this.silenced.size;
    byId("restore").textContent = this.silenced.size > 1 ? `Restore ${this.silenced.size} units` : "Restore the unit";
    this.show(whole ? this.trace.steps - 1 : Math.min(this.now, this.trace.steps - 1));
    for (const listener of this.listeners) listener(what);
  }

  /** @param {Stimulus} stimulus */
  observer(stimulus) {
    const key = JSON.stringify([stimulus, this.network.weights.outputs]);
    const known = this.observers.get(key) ?? new Observer(stimulus, this.network.weights.outputs);
    this.observers.clear(); // one at a time: they are large
    this.observers.set(key, known);
    return known;
  }

  /** @param {number} unit */
  toggle(unit) {
    if (unit < 0 || unit >= this.signs.length) return;
    this.focus = unit;
    if (!this.silenced.delete(unit)) this.silenced.add(unit);
    this.changed("units");
  }

  /** @param {number} unit */
  point(unit) {
    if (unit === this.focus) return;
    this.focus = unit < this.signs.length ? unit : -1;
    this.draw();
  }

  play() {
    if (this.now >= this.trace.steps - 1) this.now = -1;
    this.timer = window.setInterval(() => {
      this.show(this.now + 1);
      if (this.now >= this.trace.steps - 1) this.pause();
    }, 60);
    byId("play").textContent = "Pause";
    byId("play").setAttribute("aria-pressed", "true");
  }

  pause() {
    window.clearInterval(this.timer);
    this.timer = undefined;
    byId("play").textContent = "Play";
    byId("play").setAttribute("aria-pressed", "false");
  }

  /** Show the trial up to a time step. @param {number} now */
  show(now) {
    this.now = Math.min(Math.max(now, 0), this.trace.steps - 1);
    byId("time").value = this.now;
    this.draw();
  }

  draw() {
    const { trace, now } = this;
    const step = trace.stimulus.time_step_ms;
    byId("clock").textContent = `${number((now + 1) * step, 0)} of ${number(trace.steps * step, 0)} ms`;
    drawInputs(byId("inputs"), trace, now);
    drawHidden(byId("hidden"), trace, now, this);
    drawOutputs(byId("outputs"), trace, now);
    const over = now === trace.steps - 1;
    const logits = trace.running.subarray(now * trace.classes, (now + 1) * trace.classes);
    const estimated = over ? trace.estimated : largest(logits);
    const lines = verdict(trace, estimated, over ? 0 : (now + 1) * step);
    byId("verdict").replaceChildren(...lines);
    const text = lines.map((line) => line.textContent).join(" ");
    const shares = softmax(logits);
    drawDial(byId("dial"), trace, shares, estimated, text);
    drawShares(byId("shares"), trace, shares, estimated, (k) => classText(k, trace.classes));
    byId("inputs").setAttribute(
      "aria-label",
      `Input spikes: ${trace.earSpikes[0]} in the left ear, ${trace.earSpikes[1]} in the right ear.`,
    );
    byId("hidden").setAttribute(
      "aria-label",
      `${this.signs.length} hidden units, ${trace.counts.reduce((a, b) => a + b, 0)} spikes, ` +
        `silenced: ${[...this.silenced].join(", ") || "none"}.`,
    );
    byId("outputs").setAttribute("aria-label", `Output sums of ${trace.classes} classes. ${text}`);
    byId("unit").textContent = this.focus < 0
      ? `${trace.counts.reduce((a, b) => a + b, 0)} spikes of hidden units in this trial.`
      : unitText(trace, this.focus, this.signs[this.focus], this.silenced.has(this.focus));
  }
}
