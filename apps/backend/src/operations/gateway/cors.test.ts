import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { startWorld, type World } from './testing/world.ts';

const APP = 'https://app.example.com';
const STRANGER = 'https://evil.example';

let open: World | undefined;
afterEach(async () => {
  await open?.close();
  open = undefined;
});

async function setUp(...corsOrigins: string[]): Promise<World> {
  open = await startWorld({}, { corsOrigins });
  return open;
}

const preflight = (world: World, origin: string, path = '/api/v1/product') =>
  world.ask(path, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST' },
  });

describe('a page of another origin', () => {
  it('is told what it may send, and no instance is asked', async () => {
    const world = await setUp(APP);
    const answer = await preflight(world, APP);
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'access-control-max-age': '600',
      vary: 'origin',
    });
    expect(answer.headers['access-control-allow-headers']).toContain('idempotency-key');
    expect(world.api[0]?.seen).toEqual([]);
  });

  it('reads answers and refusals when it is named', async () => {
    const world = await setUp(APP);
    for (const path of ['/api/v1/product', `/api/v1/x?${'y'.repeat(2)}`]) {
      const answer = await world.ask(path, { headers: { origin: APP } });
      expect(answer.headers['access-control-allow-origin']).toBe(APP);
      expect(answer.headers['access-control-expose-headers']).toContain('x-request-id');
    }
    const refused = await world.ask('/api/v1/x', {
      ...{ method: 'POST', headers: { origin: APP }, body: Buffer.alloc(1_100_000) },
    });
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([413, APP]);
  });

  it.each([
    ['is not named', [APP], STRANGER],
    ['is named by nobody, as long as nothing is set', [], APP],
    ['is named with another scheme', [APP], 'http://app.example.com'],
    ['ends as one that is named', [APP], 'https://evil-app.example.com'],
    ['has no origin', [APP], 'null'],
  ])('learns nothing when it %s', async (_name, named, origin) => {
    const world = await setUp(...named);
    const asked = await preflight(world, origin);
    expect(asked.status).toBe(204);
    const answer = await world.ask('/api/v1/product', { headers: { origin } });
    for (const { headers } of [asked, answer]) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    expect(world.api[0]?.seen.map(({ method }) => method)).toEqual(['GET']);
  });

  it('never sends cookies where any page may read', async () => {
    const world = await setUp('*');
    for (const { headers } of [
      await preflight(world, STRANGER),
      await world.ask('/api/v1/product', { headers: { origin: STRANGER } }),
    ]) {
      expect(headers['access-control-allow-origin']).toBe('*');
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    }
  });

  it('is not let in by an instance', async () => {
    const world = await setUp(APP);
    const [instance] = world.api;
    if (instance === undefined) throw new Error('one expected');
    instance.answer = (_request, response) => {
      response.writeHead(200, {
        'access-control-allow-origin': '*',
        'access-control-allow-credentials': 'true',
      });
      response.end();
    };
    const { headers } = await world.ask('/api/v1/product', { headers: { origin: STRANGER } });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('does not concern webhooks', async () => {
    const world = await setUp(APP);
    const path = '/webhooks/payments/yookassa';
    expect((await preflight(world, APP, path)).headers).not.toHaveProperty('vary');
  });
});

describe('the list of origins', () => {
  it.each(['https://app.example.com/', 'app.example.com', '*,https://app.example.com', 'null'])(
    'refuses %s',
    (value) => {
      expect(() => loadConfig({ OPORA_CORS_ORIGINS: value })).toThrow(/OPORA_CORS_ORIGINS/);
    },
  );
});
