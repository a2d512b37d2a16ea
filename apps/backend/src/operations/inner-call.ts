import { request } from 'undici';
import type { z } from 'zod';
import type { InnerLink } from '../platform/http/index.ts';

const TIMEOUT_MS = 3_000;

export interface InnerCall {
  /** The first good answer of any instance; throws when there is none. Only for what is safe twice. */
  ask<T>(path: string, answer: z.ZodType<T>, body?: object): Promise<T>;
}

/** Questions to every instance of a role at once, over the inner link. */
export function createInnerCall(deps: {
  origins: readonly string[];
  /** The role that is asked there. */
  role: string;
  link: InnerLink;
}): InnerCall {
  const { role, link } = deps;

  async function askOne<T>(origin: string, path: string, answer: z.ZodType<T>, body?: object) {
    const authorization = `Bearer ${link.tokenFor(role)}`;
    const reply = await request(origin + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      ...{ headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS },
    });
    if (reply.statusCode !== 200) {
      await reply.body.dump();
      throw new Error(`${path} answered ${String(reply.statusCode)}`);
    }
    return answer.parse(await reply.body.json());
  }

  return {
    ask: (path, answer, body) =>
      Promise.any(deps.origins.map((origin) => askOne(origin, path, answer, body))),
  };
}
