/**
 * Runs in the browser before Next does. Our pages require trusted types, and the bundler's loader sets
 * `script.src` from plain text when a chunk is not in the page yet. This policy lets exactly those
 * through: our own built files. Any other text that would become script stays refused.
 */
const OWN_CHUNKS = '/_next/static/';

type PolicyFactory = Readonly<{
  createPolicy: (
    name: string,
    rules: { createScriptURL: (text: string) => string | null },
  ) => unknown;
}>;

declare global {
  interface Window {
    trustedTypes?: PolicyFactory;
  }
}

window.trustedTypes?.createPolicy('default', {
  createScriptURL: (text) => {
    const url = URL.parse(text, window.location.origin);
    const isOwn = url?.origin === window.location.origin && url.pathname.startsWith(OWN_CHUNKS);
    return isOwn ? text : null;
  },
});

export {};
