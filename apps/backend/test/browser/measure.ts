/** What a page costs and does to its reader: bytes of script, shifts of the layout, a QR code. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import type { BrowserContext, Page } from 'playwright-core';

/** Kilobytes of script, gzip, that the first load of an address brings. */
export async function scriptWeight(...load: Parameters<typeof scriptsOf>): Promise<number> {
  return sumOf(await scriptsOf(...load));
}

/**
 * Each script of a first load with its kilobytes, gzip. A page with an open stream is never idle: it
 * is waited for until it is loaded.
 */
export async function scriptsOf(
  page: Page,
  address: string,
  waitUntil: 'networkidle' | 'load' = 'networkidle',
): Promise<Map<string, number>> {
  const bodies = new Map<string, Promise<Buffer>>();
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') bodies.set(response.url(), response.body());
  });
  await page.goto(address, { waitUntil });
  const loaded = [...bodies].map(async ([url, body]) => {
    const kilobytes = gzipSync(await body, { level: 9 }).length / 1000;
    return [url, kilobytes] as const;
  });
  return new Map(await Promise.all(loaded));
}

export function sumOf(scripts: ReadonlyMap<string, number>): number {
  return [...scripts.values()].reduce((sum, size) => sum + size, 0);
}

/** Cumulative layout shift of an open page, so far. */
export function layoutShift(page: Page): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => resolve(sum), 300);
  })`);
}

const decoder = createRequire(import.meta.url).resolve('jsqr');

/** What a camera reads in a picture; '' when it finds no code. */
export async function readQr(context: BrowserContext, picture: Buffer): Promise<string> {
  const page = await context.newPage();
  await page.setContent('<canvas></canvas>');
  await page.addScriptTag({ content: readFileSync(decoder, 'utf8') });
  const read = await page.evaluate<string>(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${picture.toString('base64')}';
    await image.decode();
    const canvas = document.querySelector('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
    return jsQR(data, width, height)?.data ?? '';
  })()`);
  await page.close();
  return read;
}
