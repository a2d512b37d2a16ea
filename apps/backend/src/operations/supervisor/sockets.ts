import { BoundSocket } from 'node:net';
import type { OpenSockets } from '../../platform/network/index.ts';

const HOST = '127.0.0.1';

/**
 * The listening sockets of one child, held above it and passed on to each of its lives. We never
 * accept: the kernel keeps callers waiting until some life does.
 */
export class Sockets {
  readonly #ports: readonly number[];
  readonly #open = new Map<number, BoundSocket>();

  constructor(ports: readonly number[]) {
    this.#ports = ports;
  }

  /** Opens what is not open. A port of somebody else is left out: the child finds it and says so. */
  open(): OpenSockets {
    for (const port of this.#ports) {
      if (this.#open.has(port)) continue;
      try {
        this.#open.set(port, new BoundSocket({ port, host: HOST }));
      } catch {
        // Taken.
      }
    }
    return new Map([...this.#open].map(([port, socket]) => [port, socket.fd()]));
  }

  /** Whoever waits or comes is refused, until the next `open`. */
  close(): void {
    for (const socket of this.#open.values()) socket.close();
    this.#open.clear();
  }
}
