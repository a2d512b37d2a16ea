import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { portsFrom } from '../../config/shape.ts';
import { checkPorts } from './check-ports.ts';

describe('the ports before a start', () => {
  it('are named when another program holds them', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo; // a TCP server that listens has one
    // Below the numbers a system gives to connections, so nobody meets them by accident.
    const elsewhere = portsFrom(12_000);
    await expect(checkPorts(elsewhere, [port])).rejects.toThrow(
      `port ${String(port)} is taken by another program: end it, or move every port with OPORA_PORT_BASE`,
    );
    // PostgreSQL's may be held by an orphan of ours, so it is not looked at.
    await expect(checkPorts({ ...elsewhere, postgres: port }, [port])).resolves.toBeUndefined();
    await new Promise((resolve) => other.close(resolve));
  });
});
