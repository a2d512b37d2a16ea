import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadConfig } from '../config/load.ts';
import {
  createProviders,
  WebhookRejected,
  type PaymentProvider,
  type RawWebhook,
} from '../modules/payments/index.ts';
import { createBreaker } from '../platform/breaker/index.ts';
import { systemClock } from '../platform/clock/index.ts';
import { createHttpClient } from '../platform/http-client/index.ts';
import { systemIds } from '../platform/ids/index.ts';
import { createLog } from '../platform/log/index.ts';

export const help = `opora payments verify --provider <id> --body body.bin [--headers headers.json]
                      [--remote 1.2.3.4] [--at 2026-11-21T10:00:00Z] [--query a=b]

  Judges one recorded notice offline, exactly as the endpoint would, with the secrets of the
  environment, and prints JSON: accepted or the reason. Exit 0 when accepted, 1 when not.
  "confirmed": false means: acceptable, but the provider is asked before it counts.`;

const EXIT_USAGE = 64;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      provider: { type: 'string' },
      headers: { type: 'string' },
      body: { type: 'string' },
      remote: { type: 'string', default: '127.0.0.1' },
      at: { type: 'string' },
      query: { type: 'string', default: '' },
    },
  });
  if (positionals[0] !== 'verify' || values.provider === undefined || values.body === undefined) {
    process.stderr.write(`${help}\n`);
    return EXIT_USAGE;
  }
  const provider = findProvider(values.provider);
  if (provider === undefined) {
    print({ accepted: false, reason: 'provider_not_configured' });
    return 1;
  }
  return judge(provider, {
    method: 'POST',
    query: values.query,
    headers: values.headers === undefined ? {} : readHeaders(values.headers),
    body: readFileSync(values.body),
    remoteAddress: values.remote,
    receivedAt: values.at === undefined ? systemClock.now() : new Date(values.at),
  });
}

async function judge(provider: PaymentProvider, raw: RawWebhook): Promise<number> {
  try {
    const notice = await provider.verify(raw);
    print({ accepted: true, confirmed: notice.confirmed, notice });
    return 0;
  } catch (error) {
    if (!(error instanceof WebhookRejected)) throw error;
    print({ accepted: false, reason: error.reason, detail: error.message });
    return 1;
  }
}

/** The provider as the endpoint has it; nothing here calls it over the network. */
function findProvider(id: string): PaymentProvider | undefined {
  const parts = { clock: systemClock, ids: systemIds };
  const providers = createProviders(loadConfig(), {
    ...parts,
    http: createHttpClient(parts),
    log: createLog({ level: 'error', role: 'payments' }),
    breaker: (name) => createBreaker({ ...parts, name }),
  });
  return [...providers.values()].find((provider) => provider.id === id);
}

/** A JSON object of texts; names in lower case, as Node gives them. */
function readHeaders(path: string): Record<string, string> {
  const given: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof given !== 'object' || given === null) throw new Error(`${path} is not a JSON object`);
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}

function print(value: unknown): void {
  const text = JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'bigint' ? one.toString() : one,
  );
  process.stdout.write(`${text}\n`);
}
