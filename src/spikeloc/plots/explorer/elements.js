// Small helpers for elements of the page. Text of users is always set as text, never as HTML.

/** @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

/**
 * @param {string} name @param {Record<string, any>} [properties] @param {(Node | string)[]} children
 * @returns {any}
 */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-")) element.setAttribute(key, value);
    else Object.assign(element, { [key]: value });
  }
  element.append(...children);
  return element;
}

/** @param {HTMLSelectElement} select @param {[string, string][]} options values and texts @param {string} [chosen] */
export function fill(select, options, chosen) {
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
  if (chosen !== undefined) select.value = chosen;
}

/** A number as text with a true minus sign. @param {number} value @param {number} [decimals] */
export function number(value, decimals = 1) {
  return value.toFixed(decimals).replace(/^-(0\.?0*)$/, "$1").replace("-", "−");
}

/** A number with its sign. @param {number} value @param {number} [decimals] */
export const signed = (value, decimals = 1) =>
  (value > 0 ? "+" : "") + number(value, decimals);

/** An interval in brackets. @param {number | null} low @param {number | null} high @param {number} [decimals] */
export const bracket = (low, high, decimals = 1) =>
  low === null || high === null ? "" : ` [${number(low, decimals)}, ${number(high, decimals)}]`;

/** An angle, as short as it can be said. @param {number} value */
export const degrees = (value) => `${number(value, Number.isInteger(value) ? 0 : 1)}°`;
