import { API, moneyFromWire, type OwnPaymentWire } from '@opora/contracts';
import { formatMoney } from '@opora/kernel';
import { LinkButton } from '../../shared/ui/button.tsx';
import { Empty } from '../../shared/ui/empty.tsx';
import { Money } from '../../shared/ui/money.tsx';
import { PageHead } from '../../shared/ui/page-head.tsx';
import { Status, type Tone } from '../../shared/ui/status.tsx';
import { When } from '../../shared/ui/when.tsx';
import type { Visit } from '../site/visit.ts';
import type { Inside } from './cabinet-page.tsx';
import { moneyWords } from './money-words.ts';
import { cabinetWords } from './words.ts';

const SHOWN = 20;
const TONES: Record<OwnPaymentWire['state'], Tone> = {
  waiting: 'info',
  unknown: 'warn',
  paid: 'good',
  declined: 'bad',
  expired: 'plain',
  surplus: 'warn',
  partly_refunded: 'plain',
  refunded: 'plain',
};

type Page = Readonly<{ after: string | undefined; before: string | undefined }>;

/** Own payments, newest first. */
export async function Payments({ page, ...inside }: Inside & { page: Page }) {
  const { visit, api } = inside;
  const words = cabinetWords[visit.language];
  const { items, older, newer } = await api(API.me.payments, { query: { ...page, limit: SHOWN } });
  return (
    <div className="space-y-8">
      <div className="flex flex-wrap items-baseline justify-between gap-3">
        <PageHead title={words.paymentsTitle} />
        <a
          href="/cabinet/renewals"
          className="inline-flex min-h-11 items-center text-accent-text underline underline-offset-4"
        >
          {moneyWords[visit.language].methods}
        </a>
      </div>
      {items.length === 0 ? (
        <Empty
          title={words.noPayments}
          why={words.noPaymentsWhy}
          step={
            <LinkButton kind="primary" href="/cabinet/buy">
              {words.choosePlan}
            </LinkButton>
          }
        />
      ) : (
        <ul className="divide-y divide-line rounded-card border border-line bg-surface">
          {items.map((payment) => (
            <Row key={payment.id} payment={payment} visit={visit} />
          ))}
        </ul>
      )}
      {older === null && newer === null ? null : (
        <nav aria-label={words.pages} className="flex justify-between gap-3">
          <PageLink label={words.newer} query={newer === null ? undefined : `before=${newer}`} />
          <PageLink label={words.older} query={older === null ? undefined : `after=${older}`} />
        </nav>
      )}
    </div>
  );
}

function Row({ payment, visit }: { payment: OwnPaymentWire; visit: Visit }) {
  const words = cabinetWords[visit.language];
  const refunded = moneyFromWire(payment.refunded);
  const isOpen = payment.state === 'waiting' || payment.state === 'unknown';
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-4 sm:px-6">
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{payment.plan[visit.language]}</p>
        <p className="text-14 text-muted">
          <When at={payment.at} style="minute" visit={visit} />
          {refunded.minor > 0n ? ` · ${words.refunded(formatMoney(refunded, visit.language))}` : ''}
        </p>
      </div>
      <p className="text-18 font-semibold">
        <Money value={moneyFromWire(payment.amount)} language={visit.language} />
      </p>
      <div className="flex w-full items-center gap-4 sm:w-auto">
        {isOpen ? (
          <a href={`/cabinet/return?order=${payment.orderId}`}>
            <Status tone={TONES[payment.state]}>{words.paymentStates[payment.state]}</Status>
          </a>
        ) : (
          <Status tone={TONES[payment.state]}>{words.paymentStates[payment.state]}</Status>
        )}
      </div>
      {payment.receipt === null ? null : (
        <Receipt payment={payment} receipt={payment.receipt} visit={visit} />
      )}
    </li>
  );
}

type ReceiptProps = Readonly<{
  payment: OwnPaymentWire;
  receipt: NonNullable<OwnPaymentWire['receipt']>;
  visit: Visit;
}>;

/** What a bank or an employer asks for, folded; everything in it can be selected and copied. */
function Receipt({ payment, receipt, visit }: ReceiptProps) {
  const words = cabinetWords[visit.language];
  const facts = [
    [words.receiptPaid, <When key="paid" at={receipt.paidAt} style="minute" visit={visit} />],
    [words.receiptMethod, receipt.method[visit.language]],
    [words.receiptNumber, <Copied key="number">{payment.id}</Copied>],
    [words.receiptReference, <Copied key="reference">{receipt.reference}</Copied>],
  ] as const;
  return (
    <details className="w-full">
      <summary className="inline-flex min-h-11 items-center text-accent-text underline underline-offset-4">
        {words.receipt}
      </summary>
      <dl className="grid gap-x-6 gap-y-1 text-14 sm:grid-cols-[max-content_1fr]">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0 max-sm:mb-2">{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function Copied({ children }: { children: string }) {
  return <code className="font-mono break-all select-all">{children}</code>;
}

function PageLink({ label, query }: { label: string; query: string | undefined }) {
  if (query === undefined) return <span />;
  return (
    <LinkButton kind="secondary" href={`/cabinet/payments?${query}`}>
      {label}
    </LinkButton>
  );
}
