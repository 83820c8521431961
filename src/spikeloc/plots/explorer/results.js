// All results: linked views of one experiment and metric.
import { draw, mixed } from "./charts.js";
import { nearestEmbedded } from "./data.js";
import { byId, bracket, fill, make, number } from "./elements.js";
import { resultTable } from "./table.js";
import { differenceMarks, meanMarks, positions, shortened } from "./views.js";

/** @typedef {import("./data.js").Contents} Contents */
/** @typedef {import("./data.js").ResultRun} ResultRun */
/** @typedef {import("./data.js").Experiment} Experiment */
/** @typedef {import("./living.js").Living} Living */
/**
 * @typedef {object} NetworkRow one trained network
 * @property {ResultRun} run
 * @property {string} seed
 * @property {number} network
 * @property {number} value of the metric
 * @property {number | null} [other] of the other metric
 */

const KNOWN = /** @type {Record<string, string>} */ ({ published: "var(--variant-1)", corrected: "var(--variant-0)" });

export class Results {
  /** @type {any} the chosen experiment, metrics and runs, and where they lie */ view;
  /** @type {NetworkRow[]} */ rows;

  /** @param {Contents} contents @param {Living} living */
  constructor(contents, living) {
    this.contents = contents;
    this.living = living;
    /** @type {Set<string>} */
    this.hidden = new Set();
    this.variants = [...new Set(contents.runs.map((run) => run.variant))];
    /** @type {Record<string, any>} */
    this.charts = {};
    fill(byId("experiment"), contents.experiments.map((each) => [each.name, each.title]));
    byId("experiment").onchange = () => (this.fillMetrics(), this.draw());
    byId("metric").onchange = () => this.draw();
    byId("other").onchange = () => this.draw();
    this.variants.forEach((variant, i) => byId("variants").append(this.chip(variant, i)));
    byId("variants").hidden = this.variants.length < 2;
    this.fillMetrics();
    this.draw();
    new ResizeObserver(() => this.draw()).observe(byId("means"));
  }

  /** @param {string} variant */
  colour(variant) {
    const others = this.variants.filter((each) => !(each in KNOWN));
    return KNOWN[variant] ?? `var(--variant-${others.indexOf(variant) % 4})`;
  }

  /** @param {string} variant @param {number} i */
  chip(variant, i) {
    const box = make("input", { type: "checkbox", checked: true, id: `variant-${i}` });
    box.onchange = () => {
      if (box.checked) this.hidden.delete(variant);
      else this.hidden.add(variant);
      this.draw();
    };
    const swatch = make("i", { style: `display:inline-block;width:.8em;height:.8em;border-radius:2px;background:${this.colour(variant)}` });
    return make("label", { className: "chip", title: this.contents.origin[`variant ${variant}`] ?? "" }, box, swatch, variant);
  }

  get experiment() {
    return /** @type {Experiment} */ (this.contents.experiments.find((each) => each.name === byId("experiment").value));
  }

  /** The metrics that the chosen experiment has. */
  fillMetrics() {
    const own = this.contents.runs.filter((run) => run.experiment === this.experiment.name);
    const known = this.contents.metrics.filter((each) => own.some((run) => each.name in run.summary));
    for (const [id, wanted] of [["metric", "test_accuracy"], ["other", "hidden_rate_hz"]]) {
      const before = byId(id).value || wanted;
      const names = known.map((each) => each.name);
      fill(byId(id), known.map((each) => [each.name, each.label]), names.includes(before) ? before : names[0]);
    }
  }

  draw() {
    const { experiment } = this;
    const byName = new Map(this.contents.metrics.map((each) => [each.name, each]));
    const metric = /** @type {any} */ (byName.get(byId("metric").value));
    const other = /** @type {any} */ (byName.get(byId("other").value));
    const own = this.contents.runs.filter((run) => run.experiment === experiment.name);
    const shown = own.filter((run) => !this.hidden.has(run.variant) && metric.name in run.summary);
    const variants = this.variants.filter((each) => own.some((run) => run.variant === each) && !this.hidden.has(each));
    this.view = { experiment, metric, other, runs: shown, variants, ...positions(shown, experiment, variants) };
    const rows = shown.flatMap((run) => run.seeds.map((seed, i) => ({
      run, seed, network: run.networks[i], value: run.values[metric.name]?.[i], other: run.values[other.name]?.[i],
    })));
    this.rows = /** @type {NetworkRow[]} */ (rows.filter((row) => row.value != null));
    byId("metric-meaning").textContent = `${metric.label}: ${metric.meaning}.`;
    byId("means-title").textContent = `${experiment.title}: ${metric.label}`;
    this.drawMeans();
    this.drawDifferences();
    this.drawScatter();
    this.drawTuning(own);
    resultTable(byId("table"), this.view, (run) => this.open(run));
    byId("pointed").textContent = "";
  }

  drawMeans() {
    const { view } = this;
    const grid = view.experiment.kind === "grid";
    const chart = draw(byId("means"), {
      ariaLabel: `${view.experiment.title}: ${view.metric.label}. The same numbers are in the table below.`,
      ...(grid ? this.gridOptions() : meanMarks(this, view, byId("means").clientWidth)),
    });
    this.link("means", chart);
    const parts = [];
    if (view.runs.some((run) => run.printed[view.metric.name])) parts.push("◇ printed in the notebooks");
    if (view.runs.some((run) => run.observer[view.metric.name])) parts.push("dotted: ideal observer");
    if (/accuracy$/.test(view.metric.name) && !grid) parts.push(`guessing: ${number(this.contents.chance)} %`);
    byId("means-legend").textContent = parts.join(" · ");
  }

  /** A map of the means of a grid. */
  gridOptions() {
    const { metric, runs, experiment } = this.view;
    const cells = runs.filter((run) => run.variant === runs[0].variant).map((run) => ({
      run, x: run.place?.[0], y: run.place?.[1], mean: run.summary[metric.name][1], text: this.meanText(run),
    }));
    const domain = d3.extent(cells, (each) => each.mean);
    return {
      height: 350, marginLeft: 60, padding: 0.03,
      x: { label: experiment.parameters[0] }, y: { label: experiment.parameters[1], reverse: true },
      color: { domain, type: "linear", range: ["var(--shade)", "var(--accent)"], interpolate: mixed },
      marks: [
        Plot.cell(cells, { x: "x", y: "y", fill: "mean", tip: true, title: "text" }),
        Plot.text(cells, { x: "x", y: "y", text: (/** @type {any} */ d) => number(d.mean, metric.decimals), fill: "var(--ink)" }),
      ],
    };
  }

  /** @param {ResultRun} run */
  meanText(run) {
    const { metric } = this.view;
    const [n, mean, low, high] = run.summary[metric.name];
    return `${run.label}, ${run.variant}\nmean of ${n} seeds ${number(mean, metric.decimals)}${bracket(low, high, metric.decimals)} ${metric.unit}`;
  }

  /** @param {NetworkRow} row */
  networkText(row) {
    const { metric, other } = this.view;
    const several = row.run.networks.some((each) => each > 1) ? `, network ${row.network}` : "";
    const value = `${metric.label}: ${number(row.value, metric.decimals)}`;
    const second = row.other == null || other === metric ? "" : `\n${other.label}: ${number(row.other, other.decimals)}`;
    return `${row.run.label}, ${row.run.variant}\nseed ${row.seed}${several}\n${value}${second}`;
  }

  drawDifferences() {
    const { view } = this;
    const reference = view.runs.find((run) => run.condition === view.experiment.reference);
    const rows = view.runs.filter((run) => view.metric.name in run.differences);
    byId("differences").parentElement.hidden = !rows.length;
    if (!rows.length) return;
    byId("differences-title").textContent =
      `Difference from “${reference?.label ?? view.experiment.reference}” within seeds, with 95 % intervals`;
    const options = differenceMarks(this, view, rows, byId("differences").clientWidth);
    this.link("differences", draw(byId("differences"), options));
  }

  drawScatter() {
    const { metric, other } = this.view;
    const rows = this.rows.filter((row) => row.other != null);
    byId("scatter-title").textContent = `Every network: ${metric.label} against ${other.label}`;
    byId("scatter").parentElement.hidden = !rows.length || metric === other;
    if (!rows.length || metric === other) return;
    this.link("scatter", draw(byId("scatter"), {
      height: 310, marginLeft: 52, grid: true,
      x: { label: other.label, nice: true }, y: { label: metric.label, nice: true },
      ariaLabel: `${rows.length} networks: ${metric.label} against ${other.label}`,
      marks: [Plot.dot(rows, {
        x: "other", y: "value", r: 3.2, fill: (/** @type {NetworkRow} */ row) => this.colour(row.run.variant),
        fillOpacity: 0.6, tip: true, title: (/** @type {NetworkRow} */ row) => this.networkText(row),
      })],
      color: { type: "identity" },
    }));
  }

  /** @param {ResultRun[]} runs */
  drawTuning(runs) {
    const kinds = ["peak", "dip", "flank", "other", "silent"];
    const rows = runs.flatMap((run) => kinds.flatMap((kind) => (kind in run.tuning ? [{ run, kind, share: run.tuning[kind][0] }] : [])));
    byId("tuning-figure").hidden = !rows.length;
    if (!rows.length) return;
    const labels = [...new Set(rows.map((row) => row.run.label))];
    const chart = draw(byId("tuning"), {
      height: 80 + 24 * labels.length, marginLeft: 24 + 6.6 * Math.max(...labels.map((each) => shortened(each).length)),
      x: { label: "% of hidden units" }, y: { label: null, domain: labels, tickFormat: shortened },
      color: { domain: kinds, range: kinds.map((kind) => `var(--${kind})`), legend: true, },
      marks: [Plot.barX(rows, {
        x: "share", y: (/** @type {any} */ row) => row.run.label, fill: "kind", order: kinds, insetRight: 1, tip: true,
        title: (/** @type {any} */ row) => {
          const [share, low, high] = row.run.tuning[row.kind];
          return `${row.run.label}: ${number(share)} %${bracket(low, high)} ${row.kind}`;
        },
      })],
      ariaLabel: "Shares of kinds of tuning",
    });
    this.link("tuning", chart);
  }

  /** Have a chart show what is pointed at in the others, and open what is clicked. @param {string} name @param {any} chart */
  link(name, chart) {
    this.charts[name] = chart;
    chart.setAttribute("data-open", "network");
    chart.addEventListener("input", () => this.point(name, chart.value));
    chart.addEventListener("click", () => {
      if (chart.value) this.open(chart.value.run, chart.value.seed, chart.value.network);
    });
  }

  /** @param {string} from @param {any} row */
  point(from, row) {
    document.querySelectorAll(".ring").forEach((each) => each.remove());
    document.querySelectorAll("#table tr.chosen").forEach((each) => each.classList.remove("chosen"));
    byId("pointed").textContent = row?.seed ? this.networkText(row).replaceAll("\n", ", ") : row?.run ? this.meanText(row.run).replaceAll("\n", ", ") : "";
    if (!row?.run) return;
    byId("table").rows[1 + this.view.runs.indexOf(row.run)]?.classList.add("chosen");
    const { metric, along, across, position } = this.view;
    if (from !== "means" && this.view.experiment.kind !== "grid") {
      const value = row.value ?? row.run.summary[metric.name][1];
      this.ring("means", { [along]: position(row.run), [across]: value });
    }
    if (from !== "scatter" && row.other != null) this.ring("scatter", { x: row.other, y: row.value });
  }

  /** Put a ring around a point of a chart. @param {string} name @param {Record<string, number>} at */
  ring(name, at) {
    const chart = this.charts[name];
    if (!chart?.isConnected || byId(name).parentElement.hidden) return;
    const ring = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    const [x, y] = ["x", "y"].map((axis) => chart.scale(axis).apply(at[axis]));
    for (const [key, value] of Object.entries({ class: "ring", cx: x, cy: y, r: 7, fill: "none", stroke: "var(--ink)", "stroke-width": 2 })) {
      ring.setAttribute(key, String(value));
    }
    chart.append(ring);
  }

  /**
   * Open a network of a run in the living part, or what comes closest to it.
   * @param {ResultRun} run @param {string} [seed] @param {number} [network]
   */
  open(run, seed, network = 1) {
    const found = nearestEmbedded(this.contents, run, seed, network);
    const wanted = seed === undefined ? `“${run.label}”, ${run.variant},` : `seed ${seed}${network > 1 ? `, network ${network},` : ""} of “${run.label}”, ${run.variant},`;
    if (!found) {
      byId("pointed").textContent = `This page holds no network of ${wanted.replace(/,$/, "")}: the key explorer of the config says which it holds.`;
      return;
    }
    const notice = found.exact ? "" : `This page does not hold ${wanted} but seed ${found.seed} of the same condition, ${found.run.variant}: this is shown.`;
    this.living.open(found.run, found.seed, notice);
    byId("living").querySelector(".bench").scrollIntoView();
    byId("condition").focus({ preventScroll: true });
  }
}

