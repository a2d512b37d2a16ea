import { formatMoney, type Language } from '@opora/kernel';
import { ArrowDownUp, CalendarDays, MonitorSmartphone, type LucideIcon } from 'lucide-react';
import { LinkButton } from '../../shared/ui/button.tsx';
import { Money } from '../../shared/ui/money.tsx';
import { botLink, formatTraffic, otherPrices, perMonth, saving } from './plan.ts';
import type { Plan, Product } from './product.ts';
import { productWords } from './words.ts';

type Props = Readonly<{ plan: Plan; product: Product; language: Language }>;

/** One plan: its sum, what that is a month, what it holds, and the way to buy it. */
export function PlanCard({ plan, product, language }: Props) {
  const words = productWords[language];
  const title = plan.title[language];
  const traffic =
    plan.trafficBytes === null
      ? words.trafficUnlimited
      : words.trafficOf(formatTraffic(plan.trafficBytes, language));
  return (
    <li className="flex flex-col gap-5 rounded-card border border-line bg-surface p-6">
      <div>
        <h3 className="text-18">{title}</h3>
        <p className="mt-2 text-36 font-semibold">
          <Money value={plan.prices[0]} language={language} />
        </p>
        <PriceNotes plan={plan} plans={product.plans} language={language} />
      </div>
      <dl className="space-y-2 text-14">
        <Fact icon={CalendarDays} name={words.term} value={words.days(plan.termDays)} />
        <Fact
          icon={MonitorSmartphone}
          name={words.devices}
          value={words.devicesUpTo(plan.devices)}
        />
        <Fact icon={ArrowDownUp} name={words.traffic} value={traffic} />
      </dl>
      <div className="mt-auto grid gap-1">
        <LinkButton kind="secondary" href={botLink(product.botUrl, `plan_${plan.code}`)}>
          <span>
            {words.choose}
            <span className="sr-only"> {words.chooseOf(title)}</span>
          </span>
        </LinkButton>
        <LinkButton kind="quiet" href={`/cabinet/buy?plan=${plan.id}`}>
          <span>
            {words.buyHere}
            <span className="sr-only"> {words.chooseOf(title)}</span>
          </span>
        </LinkButton>
      </div>
    </li>
  );
}

/** The small lines under a price; where cards stand side by side their height is kept even if empty. */
function PriceNotes(props: Readonly<{ plan: Plan; plans: readonly Plan[]; language: Language }>) {
  const { plan, plans, language } = props;
  const words = productWords[language];
  const monthly = perMonth(plan.prices[0], plan.termDays);
  const saved = saving(plan, plans);
  const others = otherPrices(plan).map((price) => formatMoney(price, language));
  return (
    <div className="mt-1 text-14 text-muted sm:min-h-15">
      {monthly === undefined ? null : <p>{words.perMonth(formatMoney(monthly, language))}</p>}
      {saved === undefined ? null : (
        <p className="text-good">{words.saving(formatMoney(saved, language))}</p>
      )}
      {others.length === 0 ? null : <p>{words.also(others.join(' · '))}</p>}
    </div>
  );
}

function Fact({ icon: Icon, name, value }: { icon: LucideIcon; name: string; value: string }) {
  return (
    <div className="flex items-center gap-3">
      <dt>
        <Icon aria-hidden size={20} strokeWidth={1.75} className="text-muted" />
        <span className="sr-only">{name}</span>
      </dt>
      <dd>{value}</dd>
    </div>
  );
}
