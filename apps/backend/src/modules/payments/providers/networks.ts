/**
 * Which addresses notices may come from: shared by the vendors that publish their networks. It is a
 * filter, never a proof.
 */
import { BlockList, isIP, isIPv4 } from 'node:net';

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
