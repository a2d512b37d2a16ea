import type { SessionWire, TodayWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { CircleAlert, CircleCheck, CircleX } from 'lucide-react';
import type { ReactNode } from 'react';
import { ActButton } from './act-button.tsx';
import { shortId, TextLink } from './cells.tsx';
import { age } from './words/age.ts';
import { providerName } from './words/providers.ts';
import { todayWords } from './words/today.ts';

type Props = Readonly<{ today: TodayWire; session: SessionWire; language: Language }>;
type Line = Readonly<{ key: string; tone: 'bad' | 'warn'; href: string; text: string }>;

/** An order that waits longer than this is the biggest figure of the page. */
const LOUD_AFTER_MS = 60_000;

/** What somebody must look at; empty is said in words, because calm is news too. */
export function Attention({ today, session, language }: Props) {
  const words = todayWords[language];
  const lines = linesOf(today, language);
  const { oldest } = today.undelivered;
  return (
    <section className="space-y-3 rounded-card border border-line bg-surface p-4">
      <h2 className="text-18">{words.attention}</h2>
      {oldest === null ? null : <Oldest today={today} session={session} language={language} />}
      {lines.length === 0 && oldest === null ? (
        <p className="flex items-center gap-2">
          <CircleCheck aria-hidden size={20} strokeWidth={1.75} className="text-good" />
          {words.calm}
        </p>
      ) : (
        <ul className="space-y-1">
          {lines.map(({ key, tone, href, text }) => (
            <Row key={key} tone={tone}>
              <TextLink href={href}>{text}</TextLink>
            </Row>
          ))}
        </ul>
      )}
    </section>
  );
}

function Oldest({ today, session, language }: Props) {
  const words = todayWords[language];
  const { count, oldest } = today.undelivered;
  if (oldest === null) return null;
  const waitedMs = Date.parse(today.asOf) - Date.parse(oldest.paidAt);
  const isLoud = waitedMs > LOUD_AFTER_MS;
  return (
    <div className="space-y-2">
      <p className={isLoud ? 'text-36 font-semibold text-bad' : 'text-18'}>
        {words.oldest(age(waitedMs, language))}
      </p>
      <p className="text-muted">
        <TextLink isInText href="/admin/orders?undelivered=yes">
          {words.undelivered(String(count))}
        </TextLink>
        {'; '}
        <TextLink isInText href={`/admin/orders/${oldest.orderId}`}>
          {shortId(oldest.orderId)}
        </TextLink>
        {oldest.lastError === null ? '' : `, ${words.attempts(oldest.attempts, oldest.lastError)}`}
      </p>
      {oldest.subscriptionId === null ? null : (
        <ActButton
          act="retry"
          wish={{ subscriptionId: oldest.subscriptionId }}
          session={session}
          language={language}
        />
      )}
    </div>
  );
}

function linesOf(today: TodayWire, language: Language): readonly Line[] {
  const words = todayWords[language];
  const { unknown, refusedNotices, quarantinedNotices, openRefunds, books } = today;
  const { openDisputes, openDifferences, silentProviders } = today;
  const line = (count: number, of: Omit<Line, 'text'>, text: (count: string) => string): Line[] =>
    count === 0 ? [] : [{ ...of, text: text(String(count)) }];
  const isBroken = books.ledger.some(({ minor }) => minor !== '0');
  return [
    ...line(
      Number(isBroken),
      { key: 'ledger', tone: 'bad', href: '/admin/ledger' },
      () => words.ledgerBroken,
    ),
    ...silentProviders.map((provider): Line => ({
      ...{ key: `silent ${provider}`, tone: 'bad', href: '/admin/providers' },
      text: words.silent(providerName(provider, language)),
    })),
    ...line(
      unknown.count,
      { key: 'unknown', tone: 'warn', href: '/admin/payments?state=created' },
      words.unknown,
    ),
    ...line(
      refusedNotices.day,
      { key: 'refused', tone: 'warn', href: '/admin/refused' },
      words.refused,
    ),
    ...line(
      quarantinedNotices,
      { key: 'orphan', tone: 'warn', href: '/admin/notices?state=quarantined' },
      words.quarantined,
    ),
    ...line(
      openRefunds,
      { key: 'refunds', tone: 'warn', href: '/admin/payments' },
      words.openRefunds,
    ),
    ...line(
      openDisputes,
      { key: 'disputes', tone: 'warn', href: '/admin/payments?state=disputed' },
      words.openDisputes,
    ),
    ...line(
      openDifferences,
      { key: 'differences', tone: 'warn', href: '/admin/providers' },
      words.openDifferences,
    ),
  ];
}

function Row({ tone, children }: { tone: Line['tone']; children: ReactNode }) {
  const Icon = tone === 'bad' ? CircleX : CircleAlert;
  return (
    <li className="flex items-center gap-2">
      <Icon
        aria-hidden
        size={20}
        strokeWidth={1.75}
        className={tone === 'bad' ? 'text-bad' : 'text-warn'}
      />
      {children}
    </li>
  );
}
