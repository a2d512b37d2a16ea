/** What only the api can tell the monitor: how those outside do, as our breakers and staff see it. */
import { INNER_PATHS, OutsideWire } from '@opora/contracts';
import type { Secret } from '@opora/kernel';
import { request } from 'undici';

export type Outside = OutsideWire;

const TIMEOUT_MS = 3_000;

/** The first answer of any instance of the api; undefined when none can tell: its own check says why. */
export function createOutsideLook(deps: {
  origins: readonly string[];
  internalToken: Secret | undefined;
}): () => Promise<Outside | undefined> {
  const authorization = `Bearer ${deps.internalToken?.reveal() ?? ''}`;

  async function ask(origin: string): Promise<Outside> {
    const { statusCode, body } = await request(origin + INNER_PATHS.outside, {
      headers: { authorization, accept: 'application/json' },
      ...{ headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS },
    });
    if (statusCode !== 200) {
      await body.dump();
      throw new Error(`answered ${String(statusCode)}`);
    }
    return OutsideWire.parse(await body.json());
  }

  return () => Promise.any(deps.origins.map(ask)).catch(() => undefined);
}
