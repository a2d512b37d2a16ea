/**
 * Makes an element. Properties are set as attributes, except `on...` (listeners) and `class`;
 * `undefined`, `null` and `false` leave an attribute out.
 * @param {string} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...(Node | string | undefined)} children
 * @returns {HTMLElement}
 */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), /** @type {any} */ (value));
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children.filter((child) => child !== undefined));
  return node;
}

/**
 * @param {string} method
 * @param {string} path below `/telegram/control`
 * @param {object} [body]
 * @returns {Promise<any>} the JSON answer; rejects with the simulator's own words
 */
export async function control(method, path, body) {
  const response = await fetch(`/telegram/control${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? response.statusText);
  return answer;
}

/** @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without the permission (or over plain HTTP from another host) the old way still works.
    const area = /** @type {HTMLTextAreaElement} */ (el('textarea', { class: 'for-speech' }));
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}
