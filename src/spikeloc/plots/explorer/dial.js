// A half circle of IPDs: the network's answer, the truth and the ideal observer's posterior.
import { make } from "./elements.js";
import { classColour } from "./pictures.js";

/** @typedef {import("./trace.js").Trace} Trace */

const WIDTH = 340, HEIGHT = 236, X = 170, Y = 190; // the head is at X, Y
const INNER = 64, OUTER = 108, OBSERVER = 114, MOST = 46;
const SVG = "http://www.w3.org/2000/svg";

/** @param {number} deg @param {number} radius @returns {[number, number]} */
function at(deg, radius) {
  const angle = ((deg - 90) * Math.PI) / 180;
  return [X + radius * Math.cos(angle), Y + radius * Math.sin(angle)];
}

/** @param {SVGElement} parent @param {string} name @param {Record<string, string | number>} attributes */
function add(parent, name, attributes, text = "") {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.textContent = text;
  return parent.appendChild(element);
}

/** A piece of a ring. @param {number} from degrees @param {number} to @param {number} inner @param {number} outer */
function ring(from, to, inner, outer) {
  const points = [at(from, inner), at(from, outer), at(to, outer), at(to, inner)];
  const [a, b, c, d] = points.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`);
  return `M${a}L${b}A${outer} ${outer} 0 0 1 ${c}L${d}A${inner} ${inner} 0 0 0 ${a}Z`;
}

/**
 * @param {HTMLElement} place
 * @param {Trace} trace
 * @param {number[]} shares what the network thinks of each class now
 * @param {number} estimated its class now
 * @param {string} label what the picture shows, in words
 */
export function drawDial(place, trace, shares, estimated, label) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  const width = 180 / trace.classes;
  for (let k = 0; k < trace.classes; k++) {
    const shape = ring(k * width - 90, (k + 1) * width - 90, INNER, OUTER);
    add(svg, "path", { d: shape, fill: "var(--shade)", stroke: "var(--card)", "stroke-width": 1 });
    const fill = classColour(k, trace.classes);
    add(svg, "path", { d: shape, fill, "fill-opacity": (0.04 + 0.96 * shares[k]).toFixed(3) });
  }
  const answer = ring(estimated * width - 90, (estimated + 1) * width - 90, INNER, OUTER);
  add(svg, "path", { d: answer, fill: "none", stroke: "var(--ink)", "stroke-width": 2.5 });
  if (trace.posterior) {
    const { density } = trace.posterior;
    const highest = density.reduce((a, b) => Math.max(a, b), 0);
    const step = 180 / density.length;
    const points = [at(-90, OBSERVER)];
    density.forEach((value, i) => {
      points.push(at((i + 0.5) * step - 90, OBSERVER + (value / highest) * MOST));
    });
    points.push(at(90, OBSERVER));
    const outline = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L");
    const back = `A${OBSERVER} ${OBSERVER} 0 0 0 ${at(-90, OBSERVER).join(" ")}`;
    add(svg, "path", { d: `M${outline}${back}Z`, fill: "var(--ink)", "fill-opacity": 0.55 });
  }
  const [x1, y1] = at(trace.ipdDeg, INNER - 14), [x2, y2] = at(trace.ipdDeg, OUTER + 7);
  add(svg, "line", { x1, y1, x2, y2, stroke: "var(--accent)", "stroke-width": 3, "stroke-linecap": "round" });
  for (const deg of [-90, -45, 0, 45, 90]) {
    const [x, y] = at(deg, INNER - 26);
    const text = `${String(Math.abs(deg) && deg).replace("-", "−")}°`;
    add(svg, "text", { x, y: y + 4, "text-anchor": "middle", "font-size": 11, fill: "var(--muted)" }, text);
  }
  head(svg, trace.ipdDeg);
  const key = { "font-size": 11, fill: "var(--muted)", y: HEIGHT - 6 };
  add(svg, "text", { ...key, x: 4 }, "left leads");
  add(svg, "text", { ...key, x: WIDTH - 4, "text-anchor": "end" }, "right leads");
  place.replaceChildren(svg);
}

/**
 * The same as bars, one row a class: the network's shares beside the observer's probabilities.
 * @param {HTMLElement} place @param {Trace} trace @param {number[]} shares @param {number} estimated
 * @param {(k: number) => string} text of a class
 */
export function drawShares(place, trace, shares, estimated, text) {
  const rows = shares.map((share, k) => {
    const label = make("span", { className: k === trace.truth ? "truth" : "" }, text(k));
    const own = make("i", { style: `width:${(100 * share).toFixed(1)}%;background:${classColour(k, trace.classes)}` });
    const observed = make("i", { className: "observed", style: `width:${(100 * (trace.posterior?.mass[k] ?? 0)).toFixed(1)}%` });
    return make("div", { className: k === estimated ? "share answer-row" : "share" }, label, make("span", {}, own, observed));
  });
  place.replaceChildren(...rows);
}

/** A head from above; the leading ear is larger. @param {SVGElement} svg @param {number} ipdDeg */
function head(svg, ipdDeg) {
  add(svg, "circle", { cx: X, cy: Y, r: 15, fill: "var(--card)", stroke: "var(--ink)", "stroke-width": 1.5 });
  const nose = `M${X - 4} ${Y - 14}L${X} ${Y - 21}L${X + 4} ${Y - 14}`;
  add(svg, "path", { d: nose, fill: "var(--card)", stroke: "var(--ink)", "stroke-width": 1.5 });
  for (const [side, ear] of /** @type {[number, string][]} */ ([[-1, "left"], [1, "right"]])) {
    const leads = side * ipdDeg > 0;
    add(svg, "ellipse", { cx: X + side * 17, cy: Y, rx: leads ? 5 : 3, ry: leads ? 8 : 5, fill: `var(--${ear})` });
  }
}
