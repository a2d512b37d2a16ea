import { DomainError, OperationalError } from '@opora/kernel';
import { createManualClock } from '@opora/testkit';
import { afterEach } from 'vitest';
import { z } from 'zod';
import { systemIds } from '../../ids/index.ts';
import { createLog } from '../../log/index.ts';
import { linkOf } from './link.ts';
import { acceptRawBodies, createHttp, rawBody, type Http, type HttpOptions } from '../index.ts';

/** Every app of these tests begins at the same time, so one token is good for all. */
export const TOKEN = linkOf('gateway', createManualClock()).tokenFor('test');
export const inner = { 'x-opora-inner': TOKEN };

class PlanRetired extends DomainError {
  readonly code = 'catalog.plan_retired';
  readonly kind = 'conflict';
}
class VendorDown extends OperationalError {
  readonly code = 'payments.provider_unavailable';
}

const open: Http[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((http) => http.close()));
});

/** An app with a route of every kind; ended after each test. */
export function setUp(options: Partial<HttpOptions> = {}) {
  const clock = createManualClock();
  const lines: string[] = [];
  const http = createHttp({
    clock,
    ids: systemIds,
    log: createLog({ level: 'debug', role: 'test', write: (line) => lines.push(line) }),
    link: linkOf('test', clock),
    trustedProxies: ['127.0.0.1/32'],
    drainDelayMs: 0,
    ...options,
  });
  open.push(http);
  const config = { permission: 'public' } as const;
  const { app } = http;
  app.get('/echo', { config }, (request) => ({
    id: request.id,
    address: request.clientAddress,
    remaining: request.deadline.remainingMs(),
  }));
  app.get('/people/:id', { config }, () => ({ ok: true }));
  app.post(
    '/orders',
    {
      config,
      schema: { body: z.strictObject({ planId: z.string().min(3), count: z.int().max(5) }) },
    },
    (request) => ({ planId: request.body.planId }),
  );
  app.get('/retired', { config }, () => {
    throw new PlanRetired('plan pln_1 is retired', {
      facts: { planId: 'pln_1', status: 200 },
      publicText: 'This plan is no longer sold',
    });
  });
  app.get('/vendor', { config }, () => {
    throw new VendorDown('connect ECONNREFUSED 10.0.0.1', { retryAfterMs: 4200 });
  });
  app.get('/bug', { config }, () => {
    throw new Error('select secret from person');
  });
  app.get('/me', { config: { permission: 'session' } }, () => ({ me: true }));
  app.get('/sibling', { config: { permission: 'service' } }, () => ({ sibling: true }));
  app.register((scope, _options, done) => {
    acceptRawBodies(scope);
    scope.post('/hook', { config: { permission: 'webhook' } }, (request) => ({
      hex: rawBody(request).toString('hex'),
      remaining: request.deadline.remainingMs(),
    }));
    done();
  });
  return { ...http, app, http, clock, lines };
}
