/**
 * The outside world, offline: Telegram, payment providers, the panel, mail. Started by the supervisor
 * (never when `OPORA_SIMULATORS=off`), or by hand: `node apps/simulators/src/main.ts`.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@opora/kernel';
import { readPaymentKeys } from './payment-keys.ts';
import { startSimulators } from './server.ts';

const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  },
};

function setting(name: string, fallback: string): string {
  return process.env[name] ?? fallback;
}

const running = await startSimulators({
  clock: systemClock,
  seed: Number(setting('SIMULATORS_SEED', String(randomInt(2 ** 31)))),
  log: (line) => {
    process.stdout.write(`${line}\n`);
  },
  config: {
    port: Number(setting('SIMULATORS_PORT', '5050')),
    folder: process.env['SIMULATORS_HOME'],
    gatewayUrl: setting('SIMULATORS_GATEWAY_URL', 'http://127.0.0.1:5001'),
    telegram: {
      token: setting('SIMULATORS_TELEGRAM_TOKEN', '7000000001:simulated-token'),
      clientSecret: setting('SIMULATORS_TELEGRAM_CLIENT_SECRET', 'simulated-client-secret'),
    },
    payments: readPaymentKeys(process.env['SIMULATORS_PAYMENTS']),
    remnawave: {
      token: setting('SIMULATORS_REMNAWAVE_TOKEN', 'simulated-panel-token'),
      webhookSecret: setting('SIMULATORS_REMNAWAVE_WEBHOOK_SECRET', 'simulated-webhook-secret'),
    },
    mail: {
      port: Number(setting('SIMULATORS_SMTP_PORT', '5160')),
      sendgridKey: setting('SIMULATORS_SENDGRID_KEY', ''),
    },
  },
});

let leaving = false;
async function leave(): Promise<void> {
  if (leaving) return;
  leaving = true;
  await running.stop();
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void leave());
// The supervisor vanished (kill -9): a child that stayed would keep the port.
process.on('disconnect', () => void leave());
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
process.send?.({ type: 'ready' });
