import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { json, type Router } from '../http.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * Serves the style sheets and scripts that lie directly in `folder` under `prefix`. They are read
 * once at start, so a request can name a file but never a path.
 */
export function serveFiles(router: Router, prefix: string, folder: string): void {
  const files = new Map(
    readdirSync(folder)
      .filter((name) => TYPES[extname(name)] !== undefined)
      .map((name) => [name, readFileSync(join(folder, name))]),
  );
  router.on('GET', `${prefix}/:file`, (request) => {
    const name = request.params['file'] ?? '';
    const body = files.get(name);
    if (body === undefined) return json(404, { error: `no such file: ${name}` });
    const type = TYPES[extname(name)] ?? 'application/octet-stream';
    return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-cache' }, body };
  });
}
