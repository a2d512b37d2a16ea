import { allocate, type Language, type Money } from '@opora/kernel';
import type { Speech } from '../speech.ts';
import { fitted, menuRow, type Button, type View } from '../view.ts';

export type PlanOnSale = Readonly<{
  versionId: string;
  title: Readonly<Record<Language, string>>;
  termDays: number;
  devices: number;
  trafficBytes: bigint;
  price: Money;
}>;

/** Most terms one screen offers: rows of buttons are few, and one is the menu's. */
export const TERMS_SHOWN_MAX = 4;

export function plansView(
  speech: Speech,
  facts: { plans: readonly PlanOnSale[]; until: Date | undefined },
): View {
  const plans = facts.plans.slice(0, TERMS_SHOWN_MAX);
  const [first] = plans;
  if (first === undefined) {
    return {
      html: speech.html('plans.none'),
      rows: [[{ label: speech.label('support'), action: { type: 'support' } }], menuRow(speech)],
    };
  }
  const html =
    facts.until === undefined
      ? speech.html('plans', {
          devices: { number: Math.max(...plans.map(({ devices }) => devices)) },
          traffic: { bytes: largestTraffic(plans).toString() },
        })
      : speech.html('plans.extend', { until: { date: facts.until.toISOString() } });
  return { html, rows: [...plans.map((plan) => [termButton(speech, plan)]), menuRow(speech)] };
}

export function priceView(
  speech: Speech,
  facts: {
    plan: PlanOnSale;
    until: Date;
    isExtension: boolean;
    /** Whether the consent to renewals is ticked; undefined: it is not offered. */
    renews: boolean | undefined;
    /** Ways it can be agreed for that charge by their own schedule. */
    atVendor?: readonly string[];
  },
): View {
  const { plan } = facts;
  const price = { money: wire(plan.price) };
  const values = {
    term: { text: plan.title[speech.language] },
    price,
    until: { date: facts.until.toISOString() },
    monthly: { money: wire(perMonth(plan.price, plan.termDays)) },
  };
  return {
    html:
      speech.html(facts.isExtension ? 'price.extend' : 'price', values) +
      (facts.renews === true ? speech.html('price.renews', { price, term: values.term }) : '') +
      (facts.renews === true ? atVendorWords(speech, facts.atVendor) : ''),
    rows: [
      [
        {
          label: speech.label('pay', { price }),
          action: { type: facts.renews === true ? 'payauto' : 'pay', id: plan.versionId },
          style: 'primary',
        },
      ],
      ...consentRow(speech, { renews: facts.renews, versionId: plan.versionId }),
      [{ label: speech.label('otherTerm'), action: { type: 'plans' } }],
      menuRow(speech),
    ],
  };
}

function atVendorWords(speech: Speech, ways: readonly string[] = []): string {
  if (ways.length === 0) return '';
  const names = ways.map((way) => speech.way(way)).join(', ');
  return speech.html('price.renewsAtVendor', { ways: { text: names } });
}

/** The box that is ticked and unticked; what it promises stands above while it is ticked. */
function consentRow(
  speech: Speech,
  { renews, versionId: id }: { renews: boolean | undefined; versionId: string },
): Button[][] {
  if (renews === undefined) return [];
  return [
    [
      renews
        ? { label: speech.label('renewOn'), action: { type: 'price', id } }
        : { label: speech.label('renewOff'), action: { type: 'priceauto', id } },
    ],
  ];
}

function termButton(speech: Speech, plan: PlanOnSale): Button {
  const label = speech.label('term', {
    term: { text: plan.title[speech.language] },
    price: { money: wire(plan.price) },
  });
  return { label: fitted(label), action: { type: 'price', id: plan.versionId } };
}

/** Zero is unlimited, and more than any number. */
function largestTraffic(plans: readonly PlanOnSale[]): bigint {
  const all = plans.map(({ trafficBytes }) => trafficBytes);
  return all.includes(0n) ? 0n : all.reduce((most, each) => (each > most ? each : most), 0n);
}

/** The dearest of equal monthly parts, so that the sum is never said smaller than it is. */
function perMonth(price: Money, termDays: number): Money {
  const months = Math.max(1, Math.round((termDays * 12) / 365));
  return allocate(price, Array<bigint>(months).fill(1n))[0] ?? price;
}

export function wire(sum: Money): { minor: string; currency: string } {
  return { minor: sum.minor.toString(), currency: sum.currency };
}
