import { BlockList, isIP } from 'node:net';
import { DomainError } from '@opora/kernel';

/** A network that is not an address or `address/bits`: a fault of the configuration. */
export class NetworkInvalid extends DomainError {
  readonly code = 'platform.network_invalid';
  readonly kind = 'invalid';
}

export interface Networks {
  /** False for anything that is not an IP address. */
  includes(address: string): boolean;
}

/** Most networks of one list: vendors publish about ten. */
const NETWORKS_MAX = 256;
/** Decisions remembered: the same few proxies ask with every request. */
const KNOWN_MAX = 1_000;

/** `list` holds `192.0.2.1` or `192.0.2.0/24`, v4 or v6; throws `NetworkInvalid`. */
export function createNetworks(list: readonly string[]): Networks {
  if (list.length > NETWORKS_MAX) throw new NetworkInvalid(`over ${String(NETWORKS_MAX)} networks`);
  const blocks = new BlockList();
  for (const network of list) add(blocks, network);
  const known = new Map<string, boolean>();
  return {
    includes(address) {
      let included = known.get(address);
      if (included === undefined) {
        const plain = plainAddress(address);
        const version = isIP(plain);
        included = version !== 0 && blocks.check(plain, version === 4 ? 'ipv4' : 'ipv6');
        if (known.size >= KNOWN_MAX) known.clear();
        if (version !== 0) known.set(address, included);
      }
      return included;
    },
  };
}

/** May whoever is bound to `list` come from `address`? An empty list binds nobody. */
export function mayComeFrom(list: readonly string[], address: string): boolean {
  return list.length === 0 || createNetworks(list).includes(address);
}

/** `::ffff:192.0.2.1` is how a v6 socket shows a v4 peer; the rest stays as it is. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}

function add(blocks: BlockList, network: string): void {
  const [address = '', bits, ...rest] = network.split('/');
  const version = isIP(address);
  const widest = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? widest : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  if (version === 0 || prefix < 0 || prefix > widest || rest.length > 0) {
    throw new NetworkInvalid(`not a network: ${JSON.stringify(network.slice(0, 64))}`);
  }
  blocks.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
}
