import { ProblemWire } from '@opora/contracts';
import { describe, expect, it } from 'vitest';
import { setUp } from './testing/app.ts';

describe('problems', () => {
  it('carry the code, the public text and the facts, which cannot pose as fixed members', async () => {
    const answer = await setUp().app.inject('/retired');
    expect(answer.statusCode).toBe(409);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    const problem = ProblemWire.parse(answer.json());
    expect(problem).toMatchObject({
      type: 'urn:opora:problem:catalog.plan_retired',
      status: 409,
      detail: 'This plan is no longer sold',
      planId: 'pln_1',
      instance: `urn:opora:request:${String(answer.headers['x-request-id'])}`,
    });
  });

  it('of a passing fault say when to come back and keep the log text inside', async () => {
    const answer = await setUp().app.inject({
      url: '/vendor',
      headers: { 'accept-language': 'ru-RU' },
    });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.json()).toMatchObject({ title: 'Платёжная система не отвечает' });
    expect(answer.body).not.toContain('10.0.0.1');
  });

  it('of a bug tell the request id only; the log has the rest', async () => {
    const { app, lines } = setUp();
    const answer = await app.inject('/bug');
    expect(answer.statusCode).toBe(500);
    expect(Object.keys(answer.json<object>()).toSorted()).toEqual([
      'code',
      'instance',
      'status',
      'title',
      'type',
    ]);
    expect(answer.body).not.toContain('select');
    expect(lines.join('')).toContain('select secret from person');
    expect(lines.join('')).toContain(String(answer.headers['x-request-id']));
  });

  it('of validation point at each fault', async () => {
    const payload = { planId: 'x', count: 6, price: 1 };
    const answer = await setUp().app.inject({ method: 'POST', url: '/orders', payload });
    expect(answer.statusCode).toBe(400);
    const pointers = ProblemWire.parse(answer.json()).errors?.map((fault) => fault.pointer);
    expect(pointers).toEqual(expect.arrayContaining(['/body/planId', '/body/count']));
  });

  it.each([
    ['an unknown address', { url: '/nowhere' }, 404, 'http.not_found'],
    ['a wrong method', { method: 'DELETE', url: '/people/7' }, 405, 'http.method_not_allowed'],
    ['a broken address', { url: '/%zz' }, 400, 'http.malformed_request'],
    ['broken JSON', json('{"planId":'), 400, 'http.malformed_body'],
    ['an empty JSON body', json(''), 400, 'http.malformed_body'],
    ['a poisoned key', json('{"__proto__":{"admin":true}}'), 400, 'http.malformed_body'],
    [
      'a form',
      { ...json('a=1'), headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'http.unsupported_media_type',
    ],
    [
      'JSON that claims to be text',
      { ...json('{}'), headers: { 'content-type': 'text/plain' } },
      415,
      'http.unsupported_media_type',
    ],
    ['a body over 1 MB', json(JSON.stringify('x'.repeat(1_048_576))), 413, 'http.body_too_large'],
  ] as const)('of %s name it', async (_name, request, status, code) => {
    const answer = await setUp().app.inject(request);
    expect([answer.statusCode, ProblemWire.parse(answer.json()).code]).toEqual([status, code]);
  });

  it('of a wrong method list the right ones', async () => {
    const answer = await setUp().app.inject({ method: 'PUT', url: '/people/7' });
    expect(answer.headers['allow']).toBe('GET, HEAD');
  });
});

function json(payload: string) {
  return {
    method: 'POST',
    url: '/orders',
    payload,
    headers: { 'content-type': 'application/json' },
  } as const;
}
