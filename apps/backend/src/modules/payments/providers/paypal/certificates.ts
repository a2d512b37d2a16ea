/**
 * The certificates notices are signed with. A notice names the address of its certificate, so the
 * address is the sender's word: it is judged before anything is fetched, and what is fetched has to
 * lead to a public authority and carry the vendor's name before it is kept.
 *
 * Limits: few addresses are fetched in a minute, one fetch for one address at a time, a refused one
 * is not fetched again for a while; a flood of made-up addresses costs the vendor and us nothing.
 */
import { X509Certificate, type KeyObject } from 'node:crypto';
import { getCACertificates } from 'node:tls';
import type { Clock } from '@opora/kernel';
import { ProviderUnavailable, WebhookRejected } from '../../errors.ts';

const ADDRESS_MAX = 512;
/** The name of a certificate that signs notices, and of none that serves a site. */
const SIGNER = /^CN=messageverificationcerts\.(?:[a-z0-9-]+\.)*paypal\.com$/m;
const KEY_BITS_MIN = 2_048;
/** Leaf, intermediates, root. */
const CHAIN_MAX = 5;
const PEM_MAX = 64 * 1024;
const KEPT_MAX = 16;
const FETCHES_PER_MINUTE = 10;
const MINUTE_MS = 60_000;

export interface Certificates {
  /**
   * The key of the certificate at an address a notice names. Throws `WebhookRejected`, or
   * `ProviderUnavailable` when it could not be fetched now.
   */
  keyFrom(address: string, at: Date): Promise<KeyObject>;
}

export type CertificatesDeps = Readonly<{
  /** Gives the text at an address; throws `ProviderUnavailable`. */
  fetch: (url: URL) => Promise<string>;
  clock: Clock;
  /**
   * Where the API is when it is not the vendor's (the simulators): its certificates are taken
   * without an authority, because whoever chose that address has chosen whom to trust.
   */
  ownOrigin: string | undefined;
  /** A certificate an operator vouches for, in place of all that could be fetched. */
  given: string | undefined;
  /** Where chains may end; absent: what this Node trusts (`NODE_EXTRA_CA_CERTS` included). */
  anchors?: readonly X509Certificate[];
}>;

export function createCertificates(deps: CertificatesDeps): Certificates {
  const kept = new Map<string, X509Certificate>();
  const refusedUntilMs = new Map<string, number>();
  const underWay = new Map<string, Promise<X509Certificate>>();
  let fetchedAtMs: number[] = [];

  async function fetchOnce(url: URL, at: Date): Promise<X509Certificate> {
    const nowMs = deps.clock.monotonicMs();
    if ((refusedUntilMs.get(url.href) ?? 0) > nowMs) throw refused('refused a moment ago');
    fetchedAtMs = fetchedAtMs.filter((time) => time > nowMs - MINUTE_MS);
    if (fetchedAtMs.length >= FETCHES_PER_MINUTE) {
      throw new ProviderUnavailable('paypal: too many certificates asked for in a minute');
    }
    fetchedAtMs.push(nowMs);
    try {
      const chain = readChain(await deps.fetch(url));
      const isOwn = url.origin === deps.ownOrigin;
      if (!isOwn) checkChain(chain, deps.anchors ?? publicAnchors(), at);
      const leaf = signerOf(chain);
      keep(kept, url.href, leaf);
      return leaf;
    } catch (error) {
      if (error instanceof WebhookRejected) keep(refusedUntilMs, url.href, nowMs + MINUTE_MS);
      throw error;
    }
  }

  async function leafAt(url: URL, at: Date): Promise<X509Certificate> {
    const known = kept.get(url.href) ?? underWay.get(url.href);
    if (known !== undefined) return known;
    const fetching = fetchOnce(url, at).finally(() => underWay.delete(url.href));
    underWay.set(url.href, fetching);
    return fetching;
  }

  return {
    async keyFrom(address, at) {
      const url = readAddress(address, deps.ownOrigin);
      // Whoever gives a certificate has looked at it: a recorded notice may be older than its dates.
      if (deps.given !== undefined) return signerOf(readChain(deps.given)).publicKey;
      const leaf = await leafAt(url, at);
      checkDates(leaf, at);
      return leaf.publicKey;
    },
  };
}

/** The vendor's own host, or one below it. */
export function isVendorHost(host: string): boolean {
  return /^(?:[a-z0-9-]+\.)*paypal\.com$/.test(host);
}

/** Nothing of the address is used before it is known to be the vendor's. */
function readAddress(address: string, ownOrigin: string | undefined): URL {
  const url = address.length > ADDRESS_MAX ? null : URL.parse(address);
  if (url === null) throw refused('the address of the certificate is none');
  const isVendor = url.protocol === 'https:' && url.port === '' && isVendorHost(url.hostname);
  const isPlain = url.username === '' && url.password === '' && url.hash === '';
  if (isPlain && (isVendor || url.origin === ownOrigin)) return url;
  throw refused("the address of the certificate is not the vendor's");
}

/** Every certificate of a PEM text, the leaf first. */
export function readChain(pem: string): X509Certificate[] {
  const blocks =
    pem.length > PEM_MAX
      ? []
      : (pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? []);
  if (blocks.length === 0 || blocks.length > CHAIN_MAX) throw refused('no certificate in PEM');
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    throw refused('not a certificate');
  }
}

function signerOf([leaf]: readonly X509Certificate[]): X509Certificate {
  const bits = leaf?.publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (leaf?.publicKey.asymmetricKeyType !== 'rsa' || bits < KEY_BITS_MIN) {
    throw refused('the key of the certificate is not RSA of 2048 bits');
  }
  if (SIGNER.test(leaf.subject)) return leaf;
  throw refused('the certificate is not of a signer of notices');
}

/**
 * From the leaf to an authority we trust: every step issued and signed by the next, every one within
 * its dates, and none but the leaf without the right to issue. Throws `WebhookRejected`.
 */
export function checkChain(
  chain: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
  at: Date,
): void {
  let [current] = chain;
  for (let step = 0; step < CHAIN_MAX && current !== undefined; step += 1) {
    const below = current;
    checkDates(below, at);
    const isIssuer = (each: X509Certificate): boolean =>
      each.ca && below.checkIssued(each) && below.verify(each.publicKey);
    const anchor = anchors.find(isIssuer);
    if (anchor !== undefined) {
      checkDates(anchor, at);
      return;
    }
    current = chain.find((each) => each !== below && isIssuer(each));
  }
  throw refused('the certificate leads to no authority we trust');
}

function checkDates(certificate: X509Certificate, at: Date): void {
  if (certificate.validFromDate <= at && at <= certificate.validToDate) return;
  throw refused('the certificate is out of its dates');
}

/** Read once: there are about 150 of them. */
let anchorsRead: readonly X509Certificate[] | undefined;

function publicAnchors(): readonly X509Certificate[] {
  anchorsRead ??= getCACertificates('default').map((pem) => new X509Certificate(pem));
  return anchorsRead;
}

/** The oldest goes when there are too many. */
function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > KEPT_MAX && oldest !== undefined) map.delete(oldest);
}

function refused(detail: string): WebhookRejected {
  return new WebhookRejected('signature', detail);
}
