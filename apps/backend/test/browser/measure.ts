/** What a page costs and does to its reader: bytes of script, shifts of the layout, a QR code. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import type { BrowserContext, Page } from 'playwright-core';

/**
 * Kilobytes of script, gzip, that the first load of an address brings. A page with an open stream
 * is never idle: it is waited for until it is loaded.
 */
export async function scriptWeight(
  page: Page,
  address: string,
  waitUntil: 'networkidle' | 'load' = 'networkidle',
): Promise<number> {
  const bodies: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') bodies.push(response.body());
  });
  await page.goto(address, { waitUntil });
  const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body, { level: 9 }).length);
  return sizes.reduce((sum, size) => sum + size, 0) / 1000;
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
