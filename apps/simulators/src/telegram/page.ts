import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { html, redirect, type Router } from '../http.ts';
import { serveFiles } from '../style/files.ts';

/** `GET /telegram/`: the chat page and its files. */
export function registerPage(router: Router, folder: string): void {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  router.on('GET', '/telegram', () => redirect('/telegram/'));
  router.on('GET', '/telegram/', () => html(page));
  serveFiles(router, '/telegram/page', folder);
}
