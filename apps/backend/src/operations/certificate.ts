/** The certificate that whoever answers at an address shows, read without trusting it. */
import { lookup } from 'node:dns/promises';
import { connect, type TLSSocket } from 'node:tls';

const CONNECT_MAX_MS = 5_000;
const HTTPS_PORT = 443;
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/** What the world outside is asked; a test gives its own. */
export type Outside = Readonly<{
  resolve: (host: string) => Promise<string>;
  /** Certificates that count as known beside the system's. */
  authorities?: readonly string[];
}>;

/** `problem`: why nobody should trust who answers; undefined when all is well. */
export type Certificate = Readonly<{ problem: string | undefined; validTo: Date }>;

export function isThisMachine(url: URL): boolean {
  return LOOPBACK.includes(url.hostname);
}

/** Connects and reads the certificate, valid or not; a text says why there was no connection. */
export async function readCertificate(
  url: URL,
  ip: string,
  outside: Outside,
): Promise<Certificate | string> {
  const { promise, resolve } = Promise.withResolvers<Certificate | string>();
  const socket = connect({
    host: ip,
    port: url.port === '' ? HTTPS_PORT : Number(url.port),
    servername: url.hostname,
    // Judged by who asks: a refused handshake would not tell what is wrong with the certificate.
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

export async function resolveByName(host: string): Promise<string> {
  return (await lookup(host)).address;
}
