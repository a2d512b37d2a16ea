import { createHash, timingSafeEqual } from 'node:crypto';
import { type Answer, json, type Request, type Router } from '../../http.ts';
import type { Account } from './account.ts';
import { expand } from './expand.ts';
import type { Call } from './call.ts';
import { readList } from './form.ts';
import type { Idempotence } from './idempotence.ts';
import { nextId } from './ids.ts';
import { Refusal, refusalAnswer } from './refusal.ts';
import { reads } from './reads.ts';
import { writes } from './writes.ts';

const BASE = '/stripe/v1';
const SHOWN_BODY_MAX = 4_000;

/** The vendor's API v1: a bearer key, forms, `Idempotency-Key` on every POST. */
export function registerApi(router: Router, account: Account, idempotence: Idempotence): void {
  const { world } = account;

  function attempt(request: Request, call: Call): Answer {
    const form =
      request.method === 'GET' ? request.query : new URLSearchParams(String(request.body));
    const work = (): Answer => {
      const shown = call(request.params['id'] ?? '', form);
      return json(200, expand(account, shown, readList(form, 'expand')));
    };
    try {
      if (!isAuthentic(request.headers.authorization, world.config.payments.stripe.apiKey)) {
        throw new Refusal('authentication_error', 'Invalid API Key provided');
      }
      return request.method === 'GET'
        ? work()
        : idempotence.once(request, () => declinesKept(work));
    } catch (error) {
      if (error instanceof Refusal) return refusalAnswer(error);
      throw error;
    }
  }

  const on = (method: 'GET' | 'POST', calls: Readonly<Record<string, Call>>): void => {
    for (const [path, call] of Object.entries(calls)) {
      const handler = (request: Request): Answer => noted(account, request, attempt(request, call));
      router.on(method, `${BASE}${path}`, handler, { api: 'stripe' });
    }
  };
  on('GET', reads(account));
  on('POST', writes(account));
}

/** A decline is an act (the attempt is written) with an answer; any other refusal undoes it. */
function declinesKept(work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal && error.type === 'card_error') return refusalAnswer(error);
    throw error;
  }
}

function noted({ world }: Account, request: Request, answer: Answer): Answer {
  if (typeof answer !== 'object') return answer;
  const key = request.headers['idempotency-key'];
  world.journal.add({
    target: 'stripe',
    direction: 'to-vendor',
    summary: `${request.method} ${request.path.slice(BASE.length)} ${String(answer.status)}`,
    detail: {
      query: request.query.toString(),
      idempotencyKey: key,
      body: request.body.toString('utf8', 0, SHOWN_BODY_MAX),
    },
  });
  return { ...answer, headers: { ...answer.headers, 'request-id': nextId(world, 'request') } };
}

function isAuthentic(header: string | undefined, key: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const bearer = /^bearer\s+(\S+)$/i.exec(header ?? '')?.[1];
  const basic = /^basic\s+(\S+)$/i.exec(header ?? '')?.[1] ?? '';
  const given = bearer ?? Buffer.from(basic, 'base64').toString('utf8').split(':')[0] ?? '';
  return timingSafeEqual(digest(given), digest(key));
}
