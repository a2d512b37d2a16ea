import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULT_KINDS, parseFault } from '../faults.ts';
import { html, json, parseJson, type Router } from '../http.ts';
import { serveFiles } from '../style/files.ts';
import type { Simulator, World } from '../world.ts';

/** `GET /`, the style shared by all pages, and the faults API of the contract. */
export function registerHome(router: Router, world: World, simulators: readonly Simulator[]): void {
  const targets = simulators.map((simulator) => simulator.id);
  const faults = (): object => ({ faults: world.faults.list() });
  const folder = join(import.meta.dirname, 'page');
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  router.on('GET', '/', () => html(page));
  serveFiles(router, '/home', folder);
  serveFiles(router, '/style', join(import.meta.dirname, '../style'));
  router.on('GET', '/simulators', () =>
    json(200, {
      simulators: simulators.map(({ id, title, about, links }) => ({ id, title, about, links })),
      kinds: FAULT_KINDS,
    }),
  );
  router.on('GET', '/faults', () => json(200, faults()));
  router.on('PUT', '/faults', (request) => {
    const fault = parseFault(parseJson(request.body), targets);
    if (typeof fault === 'string') return json(400, { error: fault });
    world.faults.set(fault);
    return json(200, faults());
  });
  router.on('DELETE', '/faults', () => {
    world.faults.clear();
    return json(200, faults());
  });
}
