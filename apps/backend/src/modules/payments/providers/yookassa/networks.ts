/**
 * Where notices come from. The list is the vendor's published one unless the operator names another
 * (a proxy in between, the simulators). It is a filter, never a proof.
 */
import { BlockList, isIP, isIPv4 } from 'node:net';

export const PUBLISHED_NETWORKS = [
  '185.71.76.0/27',
  '185.71.77.0/27',
  '77.75.153.0/25',
  '77.75.154.128/25',
  '77.75.156.11/32',
  '77.75.156.35/32',
  '2a02:5180::/32',
] as const;

/** A network in the configuration that is none. */
export class NetworkInvalid extends Error {
  override readonly name = 'NetworkInvalid';
}

/** Tells whether an address is in one of the networks (`a.b.c.d/n`, `a::/n`, or one address). */
export function createAddressFilter(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    const longest = family === 'ipv4' ? 32 : 128;
    const bits = prefix === undefined ? longest : Number(prefix);
    const isNetwork = isIP(address) !== 0 && Number.isInteger(bits) && bits >= 0 && bits <= longest;
    if (!isNetwork || prefix === '') throw new NetworkInvalid(`not a network: "${network}"`);
    list.addSubnet(address, bits, family);
  }
  return (address) => {
    // `::ffff:a.b.c.d` of a dual-stack socket is compared as IPv4 by the list itself.
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
}
