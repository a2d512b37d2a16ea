import { isIP } from 'node:net';
import { plainAddress, type Networks } from './networks.ts';

/** Most hops that are looked at: a longer list is somebody's game. */
const HOPS_MAX = 16;

/**
 * The client's address by the trusted-hop rule: X-Forwarded-For is read from the right and only as
 * far as the hops are proxies of ours, so nothing a client writes there is believed. `forwardedFor`
 * is undefined where the header may not be believed at all.
 */
export function clientAddress(
  peer: string,
  forwardedFor: string | undefined,
  trusted: Networks,
): string {
  let address = plainAddress(peer);
  if (forwardedFor === undefined || !trusted.includes(address)) return address;
  const hops = forwardedFor.split(',', HOPS_MAX + 1);
  if (hops.length > HOPS_MAX) return address;
  for (const hop of hops.toReversed()) {
    const next = plainAddress(hop.trim());
    if (isIP(next) === 0) return address;
    address = next;
    if (!trusted.includes(address)) return address;
  }
  return address;
}
