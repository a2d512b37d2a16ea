import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
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
import { createTelegramApi } from '../platform/telegram/index.ts';
import { help as reconcileHelp, run as runReconcile } from './payments-reconcile.ts';

export const help = `${reconcileHelp}

opora payments verify --provider <id> --body body.bin [--headers headers.json]
                      [--remote 1.2.3.4] [--at 2026-11-21T10:00:00Z] [--query a=b]

  Judges one recorded notice offline, exactly as the endpoint would, with the secrets of the
  environment, and prints one line of JSON: accepted, or the reason. Exit 0 when accepted, 1 when
  not, 64 when a file or an option cannot be read, 78 when the settings cannot.
  "confirmed": false means: acceptable, but the provider is asked before it counts.

  --headers      a JSON object of texts, or of lists of texts for a repeated header
  --remote       who sent it, as the gateway saw it (default 127.0.0.1)
  --at           when it came (default: now)
  --query        what stood behind the "?" of its address; with an empty body: it came by GET
  --certificate  a file with the PEM that signed it, for providers that sign with one (PayPal); its
                 authority and dates are yours to look at, the address it claims is still checked`;

const EXIT_USAGE = 64;

/** The call cannot be understood; the message says what of it. */
class CallWrong extends Error {}

export async function run(args: readonly string[]): Promise<number> {
  if (args[0] === 'reconcile') return runReconcile(args.slice(1));
  let wish: Wish;
  try {
    wish = readWish(args);
  } catch (error) {
    if (!(error instanceof CallWrong)) throw error;
    process.stderr.write(`opora: ${error.message}\n\n${help}\n`);
    return EXIT_USAGE;
  }
  const provider = findProvider(wish);
  if (provider === undefined) {
    print({ accepted: false, reason: 'provider_not_configured' });
    return 1;
  }
  return judge(provider, wish.raw);
}

type Wish = Readonly<{ provider: string; certificate: string; raw: RawWebhook }>;

/** Throws `CallWrong`. */
function readWish(args: readonly string[]): Wish {
  const { values, positionals } = parse(args);
  if (positionals.join() !== 'verify')
    throw new CallWrong('`verify` and `reconcile` are all there is');
  const { provider, body } = values;
  if (provider === undefined || body === undefined) {
    throw new CallWrong('--provider and --body are needed');
  }
  const bytes = readBytes(body);
  const query = values.query.replace(/^\?/, '');
  const receivedAt = values.at === undefined ? systemClock.now() : new Date(values.at);
  if (Number.isNaN(receivedAt.getTime()))
    throw new CallWrong('--at is no time like 2026-11-21T10:00:00Z');
  return {
    provider,
    // None is an empty one, which fits nothing: no certificate is fetched here.
    certificate: values.certificate === undefined ? '' : readBytes(values.certificate).toString(),
    raw: {
      // A notice without a body that has a query came by GET; no other vendor sends one.
      method: bytes.length === 0 && query !== '' ? 'GET' : 'POST',
      query,
      headers: values.headers === undefined ? {} : readHeaders(values.headers),
      body: bytes,
      remoteAddress: values.remote,
      receivedAt,
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        provider: { type: 'string' },
        headers: { type: 'string' },
        body: { type: 'string' },
        remote: { type: 'string', default: '127.0.0.1' },
        at: { type: 'string' },
        query: { type: 'string', default: '' },
        certificate: { type: 'string' },
      },
    });
  } catch (error) {
    throw new CallWrong(error instanceof Error ? error.message : 'unknown options');
  }
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new CallWrong(error instanceof Error ? error.message : `${path} cannot be read`);
  }
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
function findProvider({ provider: id, certificate }: Wish): PaymentProvider | undefined {
  const config = loadConfig();
  const log = createLog({ level: 'error', role: 'payments' });
  const parts = { clock: systemClock, ids: systemIds, log };
  const providers = createProviders(config, {
    ...parts,
    certificate,
    http: createHttpClient(parts),
    telegram: createTelegramApi({ ...parts, config: config.telegram }),
    breaker: (name) => createBreaker({ ...parts, name }),
  });
  return [...providers.values()].find((provider) => provider.id === id);
}

/** Names in lower case and repeated ones joined, as the endpoint has them. */
function readHeaders(path: string): Record<string, string> {
  const text = readBytes(path).toString('utf8');
  const one = z.union([z.string(), z.number(), z.boolean()]).transform(String);
  const many = z.array(one).transform((values) => values.join(', '));
  const given = z.record(z.string(), z.union([one, many])).safeParse(parseJson(text));
  if (!given.success) throw new CallWrong(`${path} is no JSON object of texts`);
  const entries = Object.entries(given.data);
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function print(value: unknown): void {
  const text = JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'bigint' ? one.toString() : one,
  );
  process.stdout.write(`${text}\n`);
}
