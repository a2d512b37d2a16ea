import { API, type SubscriptionWire } from '@opora/contracts';
import { formatWhen } from '../../shared/words/when.ts';
import { isOutage } from '../session/server-api.ts';
import type { Inside } from './cabinet-page.tsx';
import { Removal } from './removal.tsx';
import { cabinetWords } from './words.ts';

type Props = Readonly<{ subscription: SubscriptionWire; inside: Inside }>;

/** Devices of a subscription. Their list may be slow or fail alone: the card stands without it. */
export async function Devices({ subscription, inside }: Props) {
  const { visit, api } = inside;
  const words = cabinetWords[visit.language];
  const params = { subscriptionId: subscription.id };
  const list = await api(API.me.devices, { params }).catch((error: unknown) => {
    if (isOutage(error)) return undefined;
    throw error;
  });
  if (list === undefined)
    return <Block count={undefined} text={words.devicesFailed} words={words} />;
  const count = words.devicesOf(String(list.items.length), String(list.limit));
  if (list.items.length === 0) return <Block count={count} text={words.noDevices} words={words} />;
  return (
    <div className="space-y-1">
      <Block count={count} text={undefined} words={words} />
      <ul className="divide-y divide-line">
        {list.items.map(({ id, name, seenAt }) => (
          <li key={id} className="flex min-h-14 items-center gap-3 py-1">
            <span className="min-w-0 flex-1">
              <span className="block truncate">{name}</span>
              <time dateTime={seenAt} className="block text-14 text-muted">
                {words.seen(formatWhen(new Date(seenAt), 'day', visit))}
              </time>
            </span>
            <Removal
              path={`/api/v1/me/subscriptions/${subscription.id}/devices/${encodeURIComponent(id)}`}
              name={name}
              words={{
                remove: words.remove,
                removeOf: words.removeOf(name),
                title: words.removeTitle,
                text: words.removeText,
                keep: words.keep,
                removed: words.removed,
                failed: words.devicesFailed,
              }}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Block(props: {
  count: string | undefined;
  text: string | undefined;
  words: (typeof cabinetWords)['ru'];
}) {
  const { count, text, words } = props;
  return (
    <div>
      <h3 className="font-semibold">
        {words.devices}
        {count === undefined ? '' : `: ${count}`}
      </h3>
      {text === undefined ? null : <p className="text-14 text-muted">{text}</p>}
    </div>
  );
}
