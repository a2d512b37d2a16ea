// Finds the browser of the end-to-end tests. None is downloaded: a system package is updated by the system.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

// The shell comes first: the others have a window of their own to draw for each visitor, seen or not.
const NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
];
const FIXED_PATHS = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * The path of a Chromium that can be executed, or undefined. `CHROMIUM_PATH` alone decides when it
 * is set: somebody who names a browser does not want another one.
 */
export function findChromium(environment) {
  if (environment.CHROMIUM_PATH) return [environment.CHROMIUM_PATH].find(isExecutable);
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const named = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...named, ...FIXED_PATHS].find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
