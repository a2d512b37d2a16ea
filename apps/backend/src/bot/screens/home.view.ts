import type { Speech } from '../speech.ts';
import { menuRow, type Button, type View } from '../view.ts';

type Bilingual = Readonly<{ ru: string; en: string }>;

/** What a person has, as far as the first screen cares. */
export type Standing =
  | Readonly<{ state: 'none' }>
  | Readonly<{ state: 'preparing' }>
  | Readonly<{ state: 'active'; until: Date; daysLeft: number }>
  | Readonly<{ state: 'expired'; at: Date }>;

const plans = (label: string): Button => ({ label, action: { type: 'plans' }, style: 'primary' });

export function startView(
  speech: Speech,
  facts: { product: { name: Bilingual; promise: Bilingual }; name: string; standing: Standing },
): View {
  const { product, standing } = facts;
  const name = { text: facts.name };
  const support: Button = { label: speech.label('support'), action: { type: 'support' } };
  switch (standing.state) {
    case 'none':
      return {
        html: speech.html('start.new', {
          product: { text: product.name[speech.language] },
          promise: { text: product.promise[speech.language] },
        }),
        rows: [[plans(speech.label('plans'))], [support], menuRow(speech)],
      };
    case 'preparing':
      return preparingView(speech);
    case 'active':
      return {
        html: speech.html('start.back', {
          name,
          until: { date: standing.until.toISOString() },
          days: { days: standing.daysLeft },
        }),
        rows: [
          [
            { label: speech.label('connect'), action: { type: 'connect' }, style: 'primary' },
            { label: speech.label('extend'), action: { type: 'plans' } },
          ],
          menuRow(speech),
        ],
      };
    case 'expired':
      return {
        html: speech.html('start.expired', { name, at: { date: standing.at.toISOString() } }),
        rows: [[plans(speech.label('restore'))], [support], menuRow(speech)],
      };
  }
}

export function preparingView(speech: Speech): View {
  return {
    html: speech.html('subscription.preparing'),
    rows: [
      [{ label: speech.label('checkAgain'), action: { type: 'subscription' }, style: 'primary' }],
      [{ label: speech.label('support'), action: { type: 'support' } }],
      menuRow(speech),
    ],
  };
}

export function menuView(
  speech: Speech,
  facts: { product: { name: Bilingual }; isHelp?: boolean },
): View {
  const html =
    facts.isHelp === true
      ? speech.html('help')
      : speech.html('menu', { product: { text: facts.product.name[speech.language] } });
  return {
    html,
    rows: [
      [
        {
          label: speech.label('mySubscription'),
          action: { type: 'subscription' },
          style: 'primary',
        },
      ],
      [
        { label: speech.label('plans'), action: { type: 'plans' } },
        { label: speech.label('connect'), action: { type: 'connect' } },
      ],
      [
        { label: speech.label('balance'), action: { type: 'balance' } },
        { label: speech.label('myAccount'), action: { type: 'account' } },
      ],
      [
        { label: speech.label('language'), action: { type: 'language' } },
        { label: speech.label('support'), action: { type: 'support' } },
      ],
      [{ label: speech.label('terms'), action: { type: 'terms' } }],
    ],
  };
}
