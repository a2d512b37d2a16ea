/** What browsers bind a key to: the name of the site, and the exact origin of its pages. */
export type PasskeySite = Readonly<{ rpId: string; origin: string }>;

/**
 * A key belongs to a name, never to a number: where the site of a local run is addressed by its number,
 * keys work at the same port of `localhost`.
 */
export function passkeySite(webUrl: string): PasskeySite {
  const url = new URL(webUrl);
  if (/^[\d.]+$|^\[/.test(url.hostname)) url.hostname = 'localhost';
  return { rpId: url.hostname, origin: url.origin };
}
