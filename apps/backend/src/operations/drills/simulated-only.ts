import { DomainError } from '@opora/kernel';
import type { Config } from '../../config/shape.ts';

/** The drill cannot take place here; the message says why. */
export class DrillRefused extends DomainError {
  readonly code = 'drill.refused';
  readonly kind = 'unavailable';
}

/** A developer's own .env must never make a drill reach a real vendor or a real database. */
export function assertSimulated(config: Config): void {
  const world = `http://127.0.0.1:${String(config.ports.simulators)}/`;
  const { telegram, yookassa, tkassa, stripe, paypal, cryptopay, freekassa, tribute } = config;
  const vendors = [telegram, yookassa, tkassa, stripe, paypal, cryptopay, freekassa, tribute];
  const addresses = [...vendors.map(({ apiUrl }) => apiUrl), config.remnawave.url];
  const isSimulated =
    config.simulators &&
    config.database.embedded &&
    addresses.every((address) => address?.startsWith(world) === true);
  if (isSimulated) return;
  throw new DrillRefused(
    'the environment names a real database or vendor: a drill plays in the simulated world only',
  );
}

/** The same for what dies on purpose: only at the pace of a drill. */
export function assertDrill(config: Config): void {
  assertSimulated(config);
  if (config.pace !== 'drill') throw new DrillRefused('OPORA_PACE is not drill');
}
