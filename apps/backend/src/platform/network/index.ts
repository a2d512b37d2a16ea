/**
 * Addresses: who is really calling, and whether an address belongs to a list of networks. One
 * function decides the client's address for limits, allow-lists and audit alike. Also the typed
 * answer to "the port is taken".
 */
export { clientAddress } from './client-address.ts';
export { networkOf } from './household.ts';
export { listenOn, PortInUse, portOf, stopAccepting, type OpenSockets } from './listen.ts';
export { createNetworks, mayComeFrom, NetworkInvalid, type Networks } from './networks.ts';
