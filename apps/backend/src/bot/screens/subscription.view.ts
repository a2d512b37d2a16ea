import { formatVolume } from '../../platform/words/index.ts';
import type { Speech } from '../speech.ts';
import { fitted, menuRow, type Button, type View } from '../view.ts';

export type ActiveSubscription = Readonly<{
  until: Date;
  daysLeft: number;
  /** Undefined: could not be counted just now. */
  devicesUsed: number | undefined;
  devicesLimit: number;
  trafficUsedBytes: bigint;
  /** 0 is unlimited. */
  trafficLimitBytes: bigint;
  link: string;
  hasRenewals: boolean;
}>;

export function subscriptionView(speech: Speech, facts: ActiveSubscription): View {
  const limit = { number: facts.devicesLimit };
  const spent = { text: formatVolume(facts.trafficUsedBytes, speech.language) };
  return {
    html: speech.html('subscription', {
      until: { date: facts.until.toISOString() },
      days: { days: facts.daysLeft },
      devices: {
        text:
          facts.devicesUsed === undefined
            ? speech.plain('devices.upTo', { limit })
            : speech.plain('devices.of', { used: { number: facts.devicesUsed }, limit }),
      },
      traffic: {
        text:
          facts.trafficLimitBytes === 0n
            ? speech.plain('traffic.unlimited', { spent })
            : speech.plain('traffic.of', {
                spent,
                limit: { bytes: facts.trafficLimitBytes.toString() },
              }),
      },
      link: { text: facts.link },
    }),
    rows: [
      [
        { label: speech.label('connect'), action: { type: 'connect' }, style: 'primary' },
        { label: speech.label('extend'), action: { type: 'plans' } },
      ],
      [
        { label: speech.label('devices'), action: { type: 'devices' } },
        ...(facts.hasRenewals
          ? [{ label: speech.label('renewal'), action: { type: 'renewal' as const } }]
          : []),
      ],
      menuRow(speech),
    ],
  };
}

export function expiredView(speech: Speech, at: Date): View {
  return {
    html: speech.html('subscription.expired', { at: { date: at.toISOString() } }),
    rows: [
      [{ label: speech.label('restore'), action: { type: 'plans' }, style: 'primary' }],
      [{ label: speech.label('support'), action: { type: 'support' } }],
      menuRow(speech),
    ],
  };
}

export function noSubscriptionView(speech: Speech): View {
  return {
    html: speech.html('subscription.none'),
    rows: [
      [{ label: speech.label('plans'), action: { type: 'plans' }, style: 'primary' }],
      [{ label: speech.label('support'), action: { type: 'support' } }],
      menuRow(speech),
    ],
  };
}

/** Most devices with a button of their own: the rest is reached when these are gone. */
const REMOVABLE_MAX = 4;
/** Names are what people called their things: a list of them stays a list. */
const LISTED_MAX = 10;
const NAME_MAX = 40;

export function devicesView(
  speech: Speech,
  facts: { devices: readonly { name: string; key: string }[]; limit: number },
): View {
  const { devices } = facts;
  const limit = { number: facts.limit };
  if (devices.length === 0) {
    return {
      html: speech.html('devices.none', { limit }),
      rows: [
        [{ label: speech.label('connect'), action: { type: 'connect' }, style: 'primary' }],
        menuRow(speech),
      ],
    };
  }
  const listed = devices.slice(0, LISTED_MAX).map(({ name }) => `• ${fitted(name, NAME_MAX)}`);
  const list = { text: listed.join('\n') };
  const values = { used: { number: devices.length }, limit, list };
  const isFull = devices.length >= facts.limit;
  return {
    html: speech.html(isFull ? 'devices.full' : 'devices', values),
    rows: [
      ...devices.slice(0, REMOVABLE_MAX).map(({ name, key }): Button[] => [
        {
          label: fitted(speech.label('remove', { device: { text: name } })),
          action: { type: 'remove', id: key },
          style: 'danger',
        },
      ]),
      menuRow(speech),
    ],
  };
}

export function devicesUnavailableView(speech: Speech): View {
  return {
    html: speech.html('devices.unavailable'),
    rows: [
      [{ label: speech.label('repeat'), action: { type: 'devices' }, style: 'primary' }],
      menuRow(speech),
    ],
  };
}
