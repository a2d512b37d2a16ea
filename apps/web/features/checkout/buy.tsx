import { API } from '@opora/contracts';
import { formatMoney } from '@opora/kernel';
import { Button, LinkButton } from '../../shared/ui/button.tsx';
import { Empty } from '../../shared/ui/empty.tsx';
import { Failure } from '../../shared/ui/failure.tsx';
import { Money } from '../../shared/ui/money.tsx';
import { PageHead } from '../../shared/ui/page-head.tsx';
import { RadioCards } from '../../shared/ui/radio-cards.tsx';
import { formatWhen } from '../../shared/words/when.ts';
import type { Inside } from '../cabinet/cabinet-page.tsx';
import { formatTraffic, perMonth } from '../product/plan.ts';
import type { Plan } from '../product/product.ts';
import { productWords } from '../product/words.ts';
import type { Visit } from '../site/visit.ts';
import { siteWords } from '../site/words.ts';
import { firstChargeAt, ownMoney, wayOf } from './ways.ts';
import { PayForm } from './pay-form.tsx';
import { checkoutWords } from './words.ts';

/** One question per page: the term, then the way to pay. */
export async function Buy({ planId, ...inside }: Inside & { planId: string | undefined }) {
  const { visit, product } = inside;
  if (product === undefined) return <NoPlans visit={visit} />;
  const plan = product.plans.find(({ id }) => id === planId);
  if (plan !== undefined) return Pay({ ...inside, plan });
  return <ChoosePlan plans={product.plans} visit={visit} isGone={planId !== undefined} />;
}

function ChoosePlan(props: { plans: readonly Plan[]; visit: Visit; isGone: boolean }) {
  const { plans, visit, isGone } = props;
  const { language } = visit;
  const words = checkoutWords[language];
  const [first] = plans;
  if (first === undefined) return <NoPlans visit={visit} />;
  return (
    <form method="get" action="/cabinet/buy" className="space-y-8">
      <Head step="1" title={words.title} visit={visit} />
      {isGone ? (
        <div role="alert" className="rounded-control bg-warn-soft p-4 text-warn">
          <p className="font-semibold">{words.gone}</p>
          <p className="text-14">{words.goneWhy}</p>
        </div>
      ) : null}
      <RadioCards
        name="plan"
        legend={words.plans}
        chosen={first.id}
        cards={plans.map((plan) => ({
          value: plan.id,
          title: plan.title[language],
          detail: factsOf(plan, visit),
          side: <Price plan={plan} visit={visit} />,
        }))}
      />
      <Button kind="primary">{words.next}</Button>
    </form>
  );
}

async function Pay({ visit, api, plan }: Inside & { plan: Plan }) {
  const { language } = visit;
  const words = checkoutWords[language];
  const [{ items, balance, renewalWords }, owned] = await Promise.all([
    api(API.me.methods, { params: { planId: plan.id } }),
    api(API.me.subscriptions),
  ]);
  const firstCharge = firstChargeAt(plan, owned.items);
  const usable = items.find(({ resting }) => !resting);
  const ways = items.map((item) =>
    wayOf(item, { visit, renewalWords, date: formatWhen(firstCharge, 'day', visit) }),
  );
  const own = balance === null ? undefined : ownMoney(balance, items, visit);
  return (
    <div className="space-y-8">
      <Head step="2" title={words.methodTitle} visit={visit} />
      <div className="flex flex-wrap items-baseline justify-between gap-3 rounded-card border border-line bg-surface px-4 py-4 sm:px-6">
        <div>
          <p className="font-semibold">{plan.title[language]}</p>
          <p className="text-14 text-muted">{factsOf(plan, visit)}</p>
        </div>
        <p className="text-22 font-semibold">
          <Money value={plan.prices[0]} language={language} />
        </p>
      </div>
      {items.length === 0 ? (
        <Empty
          title={words.noMethods}
          why={words.noMethodsWhy}
          step={
            <LinkButton kind="primary" href={visit.path}>
              {words.later}
            </LinkButton>
          }
        />
      ) : (
        <PayForm
          planId={plan.id}
          // A new page is a new wish; the same page pressed again is the same order.
          keyOfPage={visit.requestId}
          ways={own?.way === undefined ? ways : [own.way, ...ways]}
          chosen={own?.way?.provider ?? usable?.provider}
          part={own?.part}
          words={formWords(visit)}
        />
      )}
      {own?.short === undefined ? null : <Short text={own.short} visit={visit} />}
      <p className="text-14 text-muted">{words.extends}</p>
    </div>
  );
}

function formWords({ language }: Visit) {
  const words = checkoutWords[language];
  return {
    methods: words.methods,
    resting: words.resting,
    inTelegram: words.inTelegram,
    wholeOnly: words.wholeOnly,
    renew: words.renew,
    opening: words.opening,
    later: words.later,
    // Functions cannot go to the browser, so its part is named.
    problem: {
      unreachable: words.unreachable,
      unreachableSafe: words.unreachableSafe,
      requestId: words.requestId,
    },
  };
}

/** The balance is too small to take a part: what is missing, and where to add it. */
function Short({ text, visit }: { text: string; visit: Visit }) {
  return (
    <p className="flex flex-wrap items-center gap-x-3 text-14 text-muted">
      {text}
      <a
        href="/cabinet/balance"
        className="inline-flex min-h-11 items-center text-accent-text underline underline-offset-4"
      >
        {checkoutWords[visit.language].topUp}
      </a>
    </p>
  );
}

function Head({ step, title, visit }: { step: '1' | '2'; title: string; visit: Visit }) {
  const words = checkoutWords[visit.language];
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center gap-x-6 text-14 text-muted">
        {step === '1' ? null : (
          <a
            href="/cabinet/buy"
            className="inline-flex min-h-11 items-center underline underline-offset-4"
          >
            ← {words.back}
          </a>
        )}
        <span className="inline-flex min-h-11 items-center">{words.step(step)}</span>
      </div>
      <PageHead title={title} />
    </div>
  );
}

function Price({ plan, visit: { language } }: { plan: Plan; visit: Visit }) {
  const monthly = perMonth(plan.prices[0], plan.termDays);
  return (
    <>
      <Money value={plan.prices[0]} language={language} />
      {monthly === undefined ? null : (
        <span className="block text-14 font-normal text-muted">
          {productWords[language].perMonth(formatMoney(monthly, language))}
        </span>
      )}
    </>
  );
}

function factsOf(plan: Plan, { language }: Visit): string {
  const words = productWords[language];
  const traffic =
    plan.trafficBytes === null
      ? words.trafficUnlimited
      : words.trafficOf(formatTraffic(plan.trafficBytes, language));
  return checkoutWords[language].facts(words.devicesUpTo(plan.devices), traffic);
}

function NoPlans({ visit }: { visit: Visit }) {
  const words = productWords[visit.language];
  const site = siteWords[visit.language];
  return (
    <Failure
      what={words.absent}
      safe={words.absentSafe}
      todo={words.absentStep}
      retry={{ label: site.retry, href: visit.path }}
      requestId={{ label: site.requestId, id: visit.requestId }}
    />
  );
}
