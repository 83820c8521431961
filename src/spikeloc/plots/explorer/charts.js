// Charts of Observable Plot.
import { number, signed } from "./elements.js";

/** @param {HTMLElement} place @param {any} options */
export function draw(place, options) {
  const width = Math.max(place.clientWidth || 320, 220);
  const style = { background: "none", fontSize: "11.5px", fontFamily: "inherit", color: "var(--muted)" };
  const x = { labelOffset: 38, ...options.x }; // below the numbers
  const chart = Plot.plot({ width, style, marginBottom: 40, ...options, x });
  chart.setAttribute("role", "img");
  place.replaceChildren(chart);
  return chart;
}

/** Accuracy after each trial. @param {HTMLElement} place @param {Float64Array} right @param {Float64Array} observed sums of right answers */
export function runningChart(place, right, observed) {
  const n = right.length;
  const every = Math.max(1, Math.floor(n / 200));
  const at = d3.range(Math.min(3, n - 1), n, every).concat(n - 1);
  const Z2 = 1.96 ** 2;
  const rows = at.map((i) => {
    const trials = i + 1, share = right[i] / trials;
    const middle = (share + Z2 / trials / 2) / (1 + Z2 / trials);
    const half = Math.sqrt(Z2 * ((share * (1 - share)) / trials + Z2 / trials ** 2 / 4)) / (1 + Z2 / trials);
    return { trials, share: 100 * share, low: 100 * (middle - half), high: 100 * (middle + half), best: (100 * observed[i]) / trials };
  });
  draw(place, {
    height: 230, marginLeft: 34, marginRight: 58,
    x: { label: "trials" }, y: { domain: [0, 100], label: "% right", grid: true },
    ariaLabel: `Accuracy over ${n} trials, at the end ${number((100 * right[n - 1]) / n)} percent`,
    marks: [
      Plot.areaY(rows, { x: "trials", y1: "low", y2: "high", fill: "var(--accent)", fillOpacity: 0.18 }),
      Plot.lineY(rows, { x: "trials", y: "best", stroke: "var(--ink)", strokeDasharray: "2 3" }),
      Plot.lineY(rows, { x: "trials", y: "share", stroke: "var(--accent)", strokeWidth: 2 }),
      Plot.text(rows.slice(-1), { x: "trials", y: "best", text: ["observer"], dx: 6, textAnchor: "start", fill: "var(--ink)" }),
      Plot.text(rows.slice(-1), { x: "trials", y: "share", text: ["network"], dx: 6, textAnchor: "start", fill: "var(--accent)", dy: Math.abs(rows[rows.length - 1].best - rows[rows.length - 1].share) < 6 ? 12 : 0 }),
    ],
  });
}

/** @param {HTMLElement} place @param {number[][]} counts [estimated][true] @param {(k: number) => string} text */
export function confusionChart(place, counts, text) {
  const classes = counts.length;
  const sums = d3.range(classes).map((truth) => d3.sum(counts, (row) => row[truth]));
  const cells = d3.cross(d3.range(classes), d3.range(classes)).map(([truth, estimated]) => ({
    truth, estimated, count: counts[estimated][truth], share: counts[estimated][truth] / (sums[truth] || 1),
  }));
  const middle = (/** @type {number} */ k) => `${number(-90 + ((k + 0.5) * 180) / classes, 180 % (2 * classes) ? 1 : 0)}`;
  const ticks = d3.range(classes).filter((k) => k % Math.ceil(classes / 6) === 0);
  draw(place, {
    height: 250, marginLeft: 48, padding: 0.04,
    x: { label: "true class (°)", labelAnchor: "center", domain: d3.range(classes), tickFormat: middle, ticks },
    y: { label: "estimated (°)", labelAnchor: "top", labelArrow: "none", domain: d3.range(classes).reverse(), tickFormat: middle, ticks },
    color: { type: "linear", domain: [0, 1], range: ["var(--shade)", "var(--accent)"], interpolate: mixed },
    ariaLabel: "Confusion matrix",
    marks: [
      Plot.cell(cells, {
        x: "truth", y: "estimated", fill: "share", tip: true,
        channels: { count: "count" },
        title: (/** @type {any} */ d) => `true ${text(d.truth)}\nestimated ${text(d.estimated)}\n${d.count} trials, ${number(100 * d.share, 0)} % of this class`,
      }),
    ],
  });
}

/** Interpolates between two colours of the style sheet. @param {string} one @param {string} other */
export const mixed = (one, other) => (/** @type {number} */ share) =>
  `color-mix(in srgb, ${other} ${(100 * share).toFixed(1)}%, ${one})`;

/**
 * @param {HTMLElement} place
 * @param {{unit: number, silenced: boolean, mean: number, low: number, high: number}[]} effects
 * @param {number[]} signs @param {(unit: number) => void} clicked
 */
export function barChart(place, effects, signs, clicked) {
  const rows = effects.map((each) => ({ ...each, colour: `var(--${{ "1": "excitatory", "-1": "inhibitory", "0": "mixed" }[String(signs[each.unit])]})` }));
  const sorted = d3.sort(rows, (row) => row.mean);
  const chart = draw(place, {
    height: 250, marginLeft: 34, marginBottom: 46,
    x: { label: "hidden unit, the most important first", labelOffset: 42, domain: sorted.map((row) => row.unit), tickFormat: (/** @type {number} */ unit) => unit, tickRotate: rows.length > 16 ? -90 : 0 },
    y: { label: "points", grid: true, domain: [Math.min(-5, d3.min(rows, (row) => row.low)), Math.max(5, d3.max(rows, (row) => row.high))] },
    ariaLabel: `Change of the accuracy without each unit, most with unit ${sorted[0].unit}: ${signed(sorted[0].mean)} points`,
    marks: [
      Plot.ruleY([0], { stroke: "var(--muted)" }),
      Plot.barY(sorted, {
        x: "unit", y: "mean", fill: "colour", fillOpacity: (/** @type {any} */ d) => (d.silenced ? 0.2 : 0.9), tip: true,
        title: (/** @type {any} */ d) => d.silenced ? `unit ${d.unit} is silenced` : `without unit ${d.unit}: ${signed(d.mean)} points\n95 % interval ${number(d.low)} to ${number(d.high)}`,
      }),
      Plot.ruleX(sorted, { x: "unit", y1: "low", y2: "high", stroke: "var(--ink)", strokeOpacity: 0.6 }),
    ],
  });
  chart.setAttribute("data-open", "unit");
  chart.addEventListener("click", () => chart.value && clicked(chart.value.unit));
}
