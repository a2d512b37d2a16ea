import { lookup } from 'node:dns/promises';
import { connect, type TLSSocket } from 'node:tls';
import type { Clock } from '@opora/kernel';
import { good, PAGES, skipped, warning, wrong, type Check, type Finding } from '../check.ts';

const DAY_MS = 86_400_000;
/** Renewal by machine comes 30 days before; when it has not come by now, nobody renews. */
const WARNING_DAYS = 14;
const CONNECT_MAX_MS = 5_000;
const HTTPS_PORT = 443;
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** What the world outside is asked; a test gives its own. */
export type Outside = Readonly<{
  resolve: (host: string) => Promise<string>;
  /** Certificates that count as known beside the system's. */
  authorities?: readonly string[];
}>;

/** The name is known, and who answers there proves to be it. `key` is the setting's name. */
export function checkAddress(
  key: string,
  address: string | undefined,
  deps: { clock: Clock; outside?: Outside },
): Check {
  const { clock, outside = { resolve: resolveByName } } = deps;
  return {
    name: key === 'OPORA_WEB_URL' ? 'web address' : 'public address',
    async run() {
      if (address === undefined) return skipped(`${key} is not set: this machine only`);
      const url = new URL(address);
      if (LOOPBACK.includes(url.hostname)) return skipped(`${url.host} is this machine`);
      if (url.protocol !== 'https:') {
        return wrong(`${key} is not https: nobody outside should send secrets there`, {
          mend: 'a TLS proxy (nginx, Caddy) before the platform, and https:// in the setting',
          page: PAGES.toReal,
        });
      }
      const ip = await outside.resolve(url.hostname).catch(() => undefined);
      if (ip === undefined) {
        return wrong(`nobody knows the name ${url.hostname}`, {
          mend: `an A record for it where the domain is managed, or mend ${key}`,
          page: PAGES.toReal,
        });
      }
      return judge(await shake(url, ip, outside), { url, ip, now: clock.now() });
    },
  };
}

/** `problem`: why nobody should trust who answers; undefined when all is well. */
type Certificate = Readonly<{ problem: string | undefined; validTo: Date }>;

function judge(
  found: Certificate | string,
  { url, ip, now }: { url: URL; ip: string; now: Date },
): Finding {
  const page = PAGES.toReal;
  if (typeof found === 'string') {
    return wrong(`${url.host} (${ip}) does not answer: ${found}`, {
      mend: 'the proxy must listen there and the firewall let it through',
      page,
    });
  }
  if (found.problem !== undefined) {
    return wrong(`the certificate of ${url.host} does not hold: ${found.problem}`, {
      mend: 'renew it, with its whole chain and this very name (certbot or the proxy does it)',
      page,
    });
  }
  const days = Math.floor((found.validTo.getTime() - now.getTime()) / DAY_MS);
  const says = `${url.hostname} is ${ip}, its certificate lasts ${String(days)} days`;
  if (days >= WARNING_DAYS) return good(says);
  return warning(says, { mend: 'its renewal did not come: look at certbot or the proxy', page });
}

/** Connects and reads the certificate, valid or not; a text says why there was no connection. */
async function shake(url: URL, ip: string, outside: Outside): Promise<Certificate | string> {
  const { promise, resolve } = Promise.withResolvers<Certificate | string>();
  const socket = connect({
    host: ip,
    port: url.port === '' ? HTTPS_PORT : Number(url.port),
    servername: url.hostname,
    // Judged below: a refused handshake would not tell what is wrong with the certificate.
    rejectUnauthorized: false,
    ...(outside.authorities === undefined ? {} : { ca: [...outside.authorities] }),
  });
  socket.setTimeout(CONNECT_MAX_MS, () => {
    resolve('no answer in time');
  });
  socket.once('error', (error) => {
    resolve('code' in error ? String(error.code) : error.message);
  });
  socket.once('secureConnect', () => {
    resolve(read(socket));
  });
  return await promise.finally(() => socket.destroy());
}

const PROBLEMS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'nobody knows who signed it',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its chain is incomplete',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its chain is incomplete',
};

function read(socket: TLSSocket): Certificate {
  const code = socket.authorized ? undefined : codeOf(socket.authorizationError);
  const validTo = new Date(socket.getPeerCertificate().valid_to);
  return { problem: code === undefined ? undefined : (PROBLEMS[code] ?? code), validTo };
}

/** Node says an error where its types say a code. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  return typeof error === 'string' ? error : String(error);
}

async function resolveByName(host: string): Promise<string> {
  return (await lookup(host)).address;
}
