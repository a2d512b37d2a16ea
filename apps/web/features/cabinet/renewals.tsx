import {
  API,
  moneyFromWire,
  type MoneyWire,
  type RenewalWire,
  type SavedMethodWire,
} from '@opora/contracts';
import { formatMoney } from '@opora/kernel';
import { LinkButton } from '../../shared/ui/button.tsx';
import { Empty } from '../../shared/ui/empty.tsx';
import { PageHead } from '../../shared/ui/page-head.tsx';
import { Status } from '../../shared/ui/status.tsx';
import { formatWhen } from '../../shared/words/when.ts';
import type { Visit } from '../site/visit.ts';
import type { Inside } from './cabinet-page.tsx';
import { moneyWords } from './money-words.ts';
import { Removal } from './removal.tsx';
import { RenewalSwitch } from './renewal-switch.tsx';
import { cabinetWords } from './words.ts';

/** What is charged by itself, when and to what; the switches that end it; what is kept for it. */
export async function Renewals({ visit, api }: Inside) {
  const words = moneyWords[visit.language];
  const { methods, renewals, words: version } = await api(API.me.renewals);
  return (
    <div className="space-y-8">
      <PageHead title={words.renewals}>{words.renewalsLead}</PageHead>
      {renewals.length === 0 ? (
        <Empty
          title={words.noRenewals}
          why={words.noRenewalsWhy}
          step={
            <LinkButton kind="primary" href="/cabinet/buy">
              {cabinetWords[visit.language].choosePlan}
            </LinkButton>
          }
        />
      ) : (
        renewals.map((renewal) => (
          <Card
            key={renewal.subscriptionId}
            renewal={renewal}
            methods={methods}
            version={version}
            visit={visit}
          />
        ))
      )}
      <section aria-labelledby="methods" className="space-y-4">
        <h2 id="methods" className="text-22">
          {words.methods}
        </h2>
        {methods.length === 0 ? (
          <p className="text-muted">{words.noMethods}</p>
        ) : (
          <ul className="divide-y divide-line rounded-card border border-line bg-surface">
            {methods.map((method) => (
              <Method key={method.id} method={method} visit={visit} />
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

type CardProps = Readonly<{
  renewal: RenewalWire;
  methods: readonly SavedMethodWire[];
  /** Of the words a consent is given by. */
  version: string;
  visit: Visit;
}>;

function Card({ renewal, methods, version, visit }: CardProps) {
  const words = moneyWords[visit.language];
  const { subscriptionId: id, plan, next, offer, endsAt, isOn, inBot } = renewal;
  const sum = (value: MoneyWire) => formatMoney(moneyFromWire(value), visit.language);
  const method = methods.find((one) => one.id === next?.methodId);
  const date = (at: string) => formatWhen(new Date(at), 'day', visit);
  const texts = {
    ...{ switchOn: words.switchOn, switchOff: words.switchOff, failed: words.failed },
    ...{ switchedOn: words.switchedOn, switchedOff: words.switchedOff },
  };
  return (
    <section
      aria-labelledby={id}
      className="space-y-4 rounded-card border border-line bg-surface p-4 sm:p-6"
    >
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id={id} className="text-18">
          {plan[visit.language]}
        </h2>
        <Status tone={isOn ? 'good' : 'plain'}>{isOn ? words.on : words.off}</Status>
      </div>
      {next === null ? (
        <p>{words.nothing(date(endsAt))}</p>
      ) : (
        <div>
          <p className="text-22 font-semibold">{words.next(sum(next.amount), date(next.at))}</p>
          {method === undefined ? null : <p>{words.by(nameOf(method, visit))}</p>}
        </div>
      )}
      <p className="text-14 text-muted">
        {isOn ? words.nextHow : offer === null ? words.needsMethod : words.offer(sum(offer))}
      </p>
      {isOn || offer !== null ? (
        <RenewalSwitch
          path={`/api/v1/me/subscriptions/${id}/renewal`}
          consent={isOn || offer === null ? undefined : { price: offer, words: version }}
          words={texts}
        />
      ) : (
        <LinkButton kind="secondary" href="/cabinet/buy">
          {cabinetWords[visit.language].extend}
        </LinkButton>
      )}
      {inBot === null ? null : (
        <div className="space-y-3">
          <p className="text-14 text-muted">{words.inBot(inBot.way[visit.language])}</p>
          <LinkButton kind="secondary" href={inBot.link}>
            {words.openBot}
          </LinkButton>
        </div>
      )}
    </section>
  );
}

function Method({ method, visit }: { method: SavedMethodWire; visit: Visit }) {
  const words = moneyWords[visit.language];
  const { id, savedAt, expiresAt } = method;
  const name = nameOf(method, visit);
  const facts = [
    words.savedAt(formatWhen(new Date(savedAt), 'day', visit)),
    ...(expiresAt === null ? [] : [words.goodUntil(formatWhen(new Date(expiresAt), 'day', visit))]),
  ];
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 sm:px-6">
      <span className="min-w-0 flex-1">
        <span className="block font-semibold">{name}</span>
        <span className="block text-14 text-muted">{facts.join(', ')}</span>
      </span>
      <Removal
        path={`/api/v1/me/saved-methods/${id}`}
        name={name}
        words={{
          ...{ remove: words.remove, removeOf: words.removeOf(name), title: words.removeTitle },
          ...{ text: words.removeText, keep: words.keep, removed: words.removed },
          failed: words.failed,
        }}
      />
    </li>
  );
}

/** `Card or SBP, •• 4477`; the mask and its digits stay together. */
function nameOf({ way, title }: SavedMethodWire, { language }: Visit): string {
  return `${way[language]}, ${title.replaceAll(' ', '\u00a0')}`;
}
