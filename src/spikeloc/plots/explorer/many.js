// Many trials of the network: how often it is right, what it mistakes, and which units matter.
import { classText } from "./answer.js";
import { barChart, confusionChart, runningChart } from "./charts.js";
import { byId, bracket, make, number, signed } from "./elements.js";
import { drawTrial, ipdClass } from "./stimulus.js";
import { stimulate } from "./trace.js";
import { answers, confusionCounts, pairedDifference, unitEffects, wilson } from "./trials.js";

/** @typedef {import("./living.js").Living} Living */
/** @typedef {import("./trials.js").Outcome} Outcome */

const BUSY_MS = 30; // before the page may answer its user
const REDRAWN_MS = 250;
const REDRAWN_SHARE = 0.1; // of the time at most

export class Many {
  /** @param {Living} living */
  constructor(living) {
    this.living = living;
    /** @type {Outcome[]} */
    this.outcomes = [];
    this.batch = 0;
    byId("run-here").onclick = () => this.run(false);
    byId("run-all").onclick = () => this.run(true);
    byId("stop").onclick = () => this.batch++;
    living.listeners.push((what) => {
      if (what === "units" && this.outcomes.length) this.draw();
      if (what === "network" || what === "sound") this.clear();
    });
  }

  clear() {
    this.batch++;
    if (!this.outcomes.length) return;
    this.outcomes = [];
    byId("tally").replaceChildren(make("p", { className: "muted" }, "The network or the sound has changed: run again."));
    byId("many-charts").hidden = true;
  }

  /** @param {boolean} everywhere whether IPDs are drawn as well */
  async run(everywhere) {
    const { living } = this;
    const batch = ++this.batch;
    const sound = living.sound.read();
    const { embedded, network, contents } = living;
    const own = everywhere && sound.asTrained;
    const streams = own ? { ...contents.streams.explorer, ...contents.streams.test } : contents.streams.explorer;
    const wanted = Number(byId("count").value);
    const count = own ? Math.min(wanted, embedded.testSamples) : wanted;
    const observer = living.observer(sound.stimulus);
    this.outcomes = [];
    this.sort = { everywhere, own, ipdDeg: sound.ipdDeg, all: own && count === embedded.testSamples };
    byId("stop").hidden = false;
    let next = 0, since = performance.now();
    for (let i = 0; i < count; i++) {
      const trial = drawTrial(sound.stimulus, embedded.seed, streams, i);
      if (!everywhere) trial.ipdRad = (sound.ipdDeg * Math.PI) / 180;
      const { spikes, heard, noise } = stimulate(living, sound, streams, trial);
      const { summed } = network.run(heard, { noise });
      const observed = observer.posterior(spikes).estimated;
      this.outcomes.push({ truth: ipdClass(trial.ipdRad, network.weights.outputs), summed, observed });
      if (performance.now() - since < BUSY_MS && i + 1 < count) continue;
      const begun = performance.now();
      if (begun > next || i + 1 === count) {
        this.draw(i + 1 < count);
        const took = performance.now() - begun;
        next = begun + Math.max(REDRAWN_MS, took / REDRAWN_SHARE);
      }
      await new Promise((done) => setTimeout(done));
      if (batch !== this.batch) break;
      since = performance.now();
    }
    if (batch === this.batch) byId("stop").hidden = true;
    else if (this.outcomes.length) this.draw();
  }

  /** @param {boolean} [running] */
  draw(running = false) {
    byId("stop").hidden = !running;
    const { living, outcomes } = this;
    const { network, silenced } = living;
    const classes = network.weights.outputs;
    const estimated = answers(network, outcomes, silenced);
    const right = estimated.map((answer, i) => answer === outcomes[i].truth);
    byId("tally").replaceChildren(...this.lines(right));
    byId("many-charts").hidden = false;
    const all = d3.cumsum(right, Number);
    const observed = d3.cumsum(outcomes, (each) => Number(each.observed === each.truth));
    runningChart(byId("running"), all, observed);
    if (running) return;
    confusionChart(byId("confusion"), confusionCounts(classes, estimated, outcomes), (k) => classText(k, classes));
    const effects = unitEffects(network, outcomes, silenced);
    barChart(byId("units"), effects, living.signs, (unit) => living.toggle(unit));
    byId("tally").append(unitLine(effects));
  }

  /** @param {boolean[]} right of each trial */
  lines(right) {
    const { living, outcomes, sort } = this;
    const n = outcomes.length;
    const count = right.filter(Boolean).length;
    const share = (/** @type {number} */ hits) => {
      const [low, high] = wilson(hits, n);
      return `${number((100 * hits) / n)} %${bracket(low, high)}`;
    };
    const where = sort?.everywhere ? "at all IPDs" : `at an IPD of ${number(sort?.ipdDeg ?? 0)}°`;
    const silent = living.silenced.size;
    const line = make("p", {}, make("b", {}, `${share(count)} right`), ` in ${n} trials ${where}`);
    if (silent) {
      const whole = answers(living.network, outcomes, new Set()).map((answer, i) => answer === outcomes[i].truth);
      const { mean, low, high } = pairedDifference(whole, right);
      line.append(` with ${silent} ${silent > 1 ? "units" : "unit"} silenced: ${signed(mean)} points${bracket(low, high)} from the whole network on the same trials`);
    }
    const seen = outcomes.filter((each) => each.observed === each.truth).length;
    line.append(`. The ideal observer: ${share(seen)}.`);
    const about = sort?.own
      ? `These are ${sort.all ? "all" : "the first"} ${n} of the network’s own test stimuli${sort.all ? ", so the accuracy of the whole network is that of the table" : ""}. `
      : "";
    const note = `${about}The intervals are over trials of this one network: other seeds differ, see All results.`;
    return [line, make("p", { className: "small muted" }, note)];
  }
}

/** @param {ReturnType<typeof unitEffects>} effects */
function unitLine(effects) {
  const [worst] = effects.filter((each) => !each.silenced).sort((a, b) => a.mean - b.mean);
  const text = !worst || worst.mean >= 0
    ? "Silencing any other single unit costs nothing here."
    : `Of single units, number ${worst.unit} matters most: without it the accuracy changes by ${signed(worst.mean)} ` +
      `points${bracket(worst.low, worst.high)}. The largest of many differences is likely to be smaller in new trials.`;
  return make("p", { className: "small" }, text);
}
