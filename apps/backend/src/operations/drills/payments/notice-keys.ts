/**
 * How the key of a stored notice begins, read from what the vendor sent: its object and what happened
 * to it. Written from the vendors' documents, beside the adapters' own reading. Pure.
 */
import { z } from 'zod';
import type { Delivery } from '../simulated-world.ts';

const id = z.union([z.string(), z.number()]);
const READERS: Readonly<Record<string, (sent: unknown) => string>> = {
  yookassa(sent) {
    const shape = z.object({ id, status: z.string() });
    const { event, object } = z.object({ event: z.string(), object: shape }).parse(sent);
    return `${object.id}:${event}:${object.status}`;
  },
  tkassa(sent) {
    const { PaymentId, Status } = z.object({ PaymentId: id, Status: z.string() }).parse(sent);
    return `${PaymentId}:${Status}:`;
  },
  stripe(sent) {
    const shape = z.object({ type: z.string(), data: z.object({ object: z.object({ id }) }) });
    const { type, data } = shape.parse(sent);
    return `${data.object.id}:${type}:`;
  },
  paypal(sent) {
    const resource = z.object({ id: id.optional(), dispute_id: id.optional() });
    const { event_type: type, resource: about } = z
      .object({ event_type: z.string(), resource })
      .parse(sent);
    return `${about.dispute_id ?? about.id ?? ''}:${type}:`;
  },
  cryptopay(sent) {
    const { payload } = z.object({ payload: z.object({ invoice_id: id }) }).parse(sent);
    return `${payload.invoice_id}:invoice_paid:`;
  },
  freekassa(sent) {
    return `${z.object({ intid: id }).parse(sent).intid}:payment`;
  },
  tribute(sent) {
    const shape = z.object({ name: z.string(), payload: z.object({ uuid: z.string() }) });
    const { name, payload } = shape.parse(sent);
    return `${payload.uuid}:${name}:`;
  },
};

/** Throws where a vendor sends something else than it documents. */
export function noticeKey(provider: string, { url, body }: Pick<Delivery, 'url' | 'body'>): string {
  const read = READERS[provider];
  if (read === undefined) throw new Error(`no notices are known of ${provider}`);
  return read(fieldsOf(url, body));
}

/** JSON, a form, or the query of an address. */
function fieldsOf(url: string, body: string): unknown {
  if (/^\s*\{/.test(body)) return JSON.parse(body, exactly);
  const form = body === '' ? new URL(url).searchParams : new URLSearchParams(body);
  return Object.fromEntries(form);
}

/** Numbers as they were written: ids of 20 digits are no numbers of this language. */
function exactly(_name: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? (context?.source ?? String(value)) : value;
}
