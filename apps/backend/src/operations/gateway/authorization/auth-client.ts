import { OperationalError } from '@opora/kernel';
import { HEADERS } from '@opora/contracts';
import type { z } from 'zod';
import type { InnerLink } from '../../../platform/http/index.ts';
import { choose, isSilence, type Instance, type Outcome } from '../instance.ts';
import type { Upstream } from '../upstream.ts';

/** Nobody of the auth service answered in time, or what was answered is no answer. */
export class AuthAway extends OperationalError {
  readonly code = 'gateway.auth_away';
}

/** Of one try, milliseconds; there are two, on two instances. */
const TRY_MS = 400;
const ANSWER_MAX_BYTES = 1024 * 1024;

export interface AuthClient {
  /** One question over the inner link; throws `AuthAway`. */
  ask<T>(path: string, body: object | undefined, answer: z.ZodType<T>): Promise<T>;
}

/** Asks through the balancer of auth: the same instances, the same judges as live traffic. */
export function createAuthClient(deps: { upstream: Upstream; link: InnerLink }): AuthClient {
  const { upstream, link } = deps;

  async function tryOne(
    instance: Instance,
    judged: boolean,
    path: string,
    body: object | undefined,
  ): Promise<unknown> {
    const startedMs = upstream.nowMs();
    let outcome: Outcome = 'failure';
    instance.inFlight += 1;
    try {
      const { pool } = instance.line;
      const answer = await pool.request({
        path,
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${link.tokenFor('auth')}`,
          'content-type': 'application/json',
          [HEADERS.deadline]: String(TRY_MS),
        },
        body: body === undefined ? null : JSON.stringify(body),
        headersTimeout: TRY_MS,
        bodyTimeout: TRY_MS,
      });
      if (answer.headers.connection === 'close') instance.line.leave(pool);
      const text = await answer.body.text();
      if (answer.headers[HEADERS.blames] !== undefined) outcome = 'ignored';
      if (answer.statusCode !== 200 || text.length > ANSWER_MAX_BYTES) {
        throw new AuthAway(`auth answered ${String(answer.statusCode)} to ${path}`);
      }
      const read: unknown = JSON.parse(text);
      outcome = 'success';
      return read;
    } catch (error) {
      if (isSilence(error)) outcome = 'silence';
      throw error;
    } finally {
      instance.inFlight -= 1;
      const tookMs = upstream.nowMs() - startedMs;
      instance.noteTry({ outcome, tookMs, peers: upstream.instances, isJudged: judged });
    }
  }

  return {
    async ask(path, body, answer) {
      let except: Instance | undefined;
      let cause: unknown;
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const choice = choose(upstream.instances, upstream.chance, except);
        if (choice === undefined) break;
        try {
          return answer.parse(await tryOne(choice.instance, choice.judged, path, body));
        } catch (error) {
          cause = error;
          except = choice.instance;
        }
      }
      throw new AuthAway('no instance of auth answers', { cause });
    },
  };
}
