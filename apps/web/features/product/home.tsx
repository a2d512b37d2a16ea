import type { Language } from '@opora/kernel';
import { Send } from 'lucide-react';
import { LinkButton } from '../../shared/ui/button.tsx';
import { Empty } from '../../shared/ui/empty.tsx';
import { PageHead } from '../../shared/ui/page-head.tsx';
import { Status } from '../../shared/ui/status.tsx';
import type { Visit } from '../site/visit.ts';
import { PlanCard } from './plan-card.tsx';
import { botLink } from './plan.ts';
import type { Product } from './product.ts';
import { productWords } from './words.ts';

type Props = Readonly<{ product: Product; visit: Visit; asOf: Date | undefined }>;

/** How the bot sees that somebody came from the site. */
const START_FROM_SITE = 'site';

/** The public page of the product: what you get, what it costs, what people ask. */
export function Home({ product, visit, asOf }: Props) {
  return (
    <div className="space-y-16">
      <Hero product={product} visit={visit} />
      <Plans product={product} visit={visit} asOf={asOf} />
      {/* On a phone the prices come first; beside the headline there is no room for the steps. */}
      <div className="lg:hidden">
        <Steps language={visit.language} />
      </div>
      {product.questions.length === 0 ? null : <Questions product={product} visit={visit} />}
    </div>
  );
}

function Hero({ product, visit: { language } }: { product: Product; visit: Visit }) {
  const words = productWords[language];
  return (
    <section className="grid items-center gap-12 lg:grid-cols-[1fr_24rem]">
      <div className="space-y-8">
        <PageHead title={product.promise[language]}>{product.proof[language]}</PageHead>
        <div className="flex flex-wrap gap-3">
          <LinkButton kind="primary" href={botLink(product.botUrl, START_FROM_SITE)}>
            <Send aria-hidden size={20} strokeWidth={1.75} />
            {words.openTelegram}
          </LinkButton>
          <LinkButton kind="secondary" href="#plans">
            {words.plans}
          </LinkButton>
        </div>
      </div>
      <div className="hidden lg:block">
        <Steps language={language} />
      </div>
    </section>
  );
}

function Steps({ language }: { language: Language }) {
  const words = productWords[language];
  return (
    <div className="rounded-card border border-line bg-surface p-6">
      <h2 className="text-18">{words.steps}</h2>
      <ol className="mt-4 space-y-4">
        {words.stepList.map(({ title, text }, at) => (
          <li key={title} className="flex gap-4">
            <span
              aria-hidden
              className="flex size-8 shrink-0 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent-text"
            >
              {at + 1}
            </span>
            <div>
              <p className="font-semibold">{title}</p>
              <p className="text-14 text-muted">{text}</p>
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Plans({ product, visit: { language }, asOf }: Props) {
  const words = productWords[language];
  return (
    <section id="plans" className="space-y-6">
      <div className="space-y-2">
        <h2 className="text-28">{words.plans}</h2>
        {product.plans.length === 0 ? null : <p className="text-muted">{words.plansLead}</p>}
      </div>
      {asOf === undefined ? null : <Stale asOf={asOf} language={language} />}
      {product.plans.length === 0 ? (
        <Empty
          title={words.noPlans}
          why={words.noPlansWhy}
          step={
            <LinkButton kind="secondary" href={product.supportUrl.href}>
              {words.askSupport}
            </LinkButton>
          }
        />
      ) : (
        <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-[repeat(auto-fit,minmax(15rem,1fr))]">
          {product.plans.map((plan) => (
            <PlanCard key={plan.id} plan={plan} product={product} language={language} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Stale({ asOf, language }: { asOf: Date; language: Language }) {
  const words = productWords[language];
  const time = asOf.toISOString();
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Status tone="warn">
        <time dateTime={time}>{words.staleAsOf(`${time.slice(11, 16)} UTC`)}</time>
      </Status>
      <span className="text-14 text-muted">{words.staleSafe}</span>
    </p>
  );
}

function Questions({ product, visit: { language } }: { product: Product; visit: Visit }) {
  const words = productWords[language];
  return (
    <section id="questions" className="grid gap-6 lg:grid-cols-[18rem_1fr]">
      <div className="space-y-2">
        <h2 className="text-28">{words.questions}</h2>
        <p className="text-muted">
          {words.moreQuestions}{' '}
          <a
            href={product.supportUrl.href}
            className="text-accent-text underline underline-offset-4"
          >
            {words.askSupport}
          </a>
        </p>
      </div>
      <div className="divide-y divide-line self-start rounded-card border border-line bg-surface">
        {product.questions.map(({ question, answer }) => (
          <details key={question.en} className="group">
            <summary className="flex min-h-14 items-center justify-between gap-4 px-5 py-3 font-semibold -outline-offset-2!">
              {question[language]}
              <span aria-hidden className="text-22 text-muted group-open:hidden">
                +
              </span>
              <span aria-hidden className="hidden text-22 text-muted group-open:inline">
                −
              </span>
            </summary>
            <p className="max-w-[680px] px-5 pb-5 whitespace-pre-line text-muted">
              {answer[language]}
            </p>
          </details>
        ))}
      </div>
    </section>
  );
}
