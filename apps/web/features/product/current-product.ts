import { cache } from 'react';
import { readEnvironment } from '../../shared/environment.ts';
import { createProductSource } from './product-source.ts';

const PRODUCT_PATH = '/api/v1/product';
/** A visitor waits at most this long before the last good copy is shown. */
const TIMEOUT_MS = 2_000;

const source = createProductSource({
  load: async () => {
    const answer = await fetch(readEnvironment().gatewayUrl + PRODUCT_PATH, {
      headers: { accept: 'application/json' },
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!answer.ok) throw new Error(`the gateway answered ${String(answer.status)}`);
    const body: unknown = await answer.json();
    return body;
  },
  now: () => new Date(),
  failed: (cause) => {
    console.error(
      JSON.stringify({
        level: 'warn',
        msg: 'product not loaded',
        cause: cause instanceof Error ? cause.message : String(cause),
      }),
    );
  },
});

/** The product for this request: the layout and the page of one request get the same answer. */
export const currentProduct = cache(source);
