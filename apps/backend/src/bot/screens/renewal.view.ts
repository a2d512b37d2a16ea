import type { Money } from '@opora/kernel';
import type { Speech } from '../speech.ts';
import { fitted, menuRow, type Button, type View } from '../view.ts';
import { wire } from './plans.view.ts';

type Kept = Readonly<{ methodId: string; method: string }>;

export function renewalOnView(
  speech: Speech,
  facts: Kept & Readonly<{ price: Money; chargedAt: Date }>,
): View {
  return {
    html: speech.html('renewal.on', {
      price: { money: wire(facts.price) },
      at: { date: facts.chargedAt.toISOString() },
      method: { text: facts.method },
    }),
    rows: [
      [{ label: speech.label('switchOff'), action: { type: 'renewoff' } }],
      [forget(speech, facts)],
      menuRow(speech),
    ],
  };
}

export function renewalOffView(
  speech: Speech,
  facts: Kept & Readonly<{ offer: { versionId: string; price: Money } | undefined }>,
): View {
  const { offer, method } = facts;
  if (offer === undefined) {
    return { html: speech.html('plans.none'), rows: [[forget(speech, facts)], menuRow(speech)] };
  }
  return {
    html: speech.html('renewal.off', {
      method: { text: method },
      price: { money: wire(offer.price) },
    }),
    rows: [
      [{ label: speech.label('switchOn'), action: { type: 'renewon', id: offer.versionId } }],
      [forget(speech, facts)],
      menuRow(speech),
    ],
  };
}

export function noMethodView(speech: Speech): View {
  return {
    html: speech.html('renewal.none'),
    rows: [
      [{ label: speech.label('extend'), action: { type: 'plans' }, style: 'primary' }],
      menuRow(speech),
    ],
  };
}

function forget(speech: Speech, { methodId, method }: Kept): Button {
  return {
    label: fitted(speech.label('forget', { method: { text: method } })),
    action: { type: 'forget', id: methodId },
    style: 'danger',
  };
}
