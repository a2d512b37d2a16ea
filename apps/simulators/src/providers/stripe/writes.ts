import { type Account, find, newCustomer, saveSession } from './account.ts';
import type { Call } from './call.ts';
import { readMetadata, readText, refuseUnknown } from './form.ts';
import { nextId } from './ids.ts';
import { readIntent } from './intent.ts';
import { cancelIntent, confirmIntent, createIntent, expireSession } from './paying.ts';
import { presentCustomer, presentIntent, presentMethod, presentRefund } from './present.ts';
import { presentersOf } from './reads.ts';
import { readRefund } from './refund.ts';
import { refuse } from './refusal.ts';
import { refund } from './returning.ts';
import { openSession, readSession } from './session.ts';

/** Everything that changes something, by the path of the API. */
export function writes(account: Account): Readonly<Record<string, Call>> {
  const { session } = presentersOf(account);
  const currencies = (): readonly string[] => account.cabinet.settings().currencies;
  return {
    '/checkout/sessions': (_id, form) => {
      const order = readSession(form, account.now(), currencies());
      if (order.customerId !== undefined) find(account.customers, 'customer', order.customerId);
      const id = nextId(account.world, 'session');
      return session(saveSession(account, openSession(id, order, account.now())));
    },
    '/checkout/sessions/:id/expire': (id) => session(expireSession(account, id)),
    '/payment_intents': (_id, form) =>
      presentIntent(createIntent(account, readIntent(form, currencies()))),
    '/payment_intents/:id/confirm': (id, form) => {
      const known = find(account.intents, 'payment_intent', id).methodId;
      const methodId = readText(form, 'payment_method', 100) ?? known;
      return presentIntent(confirmIntent(account, id, methodId));
    },
    '/payment_intents/:id/cancel': (id) => presentIntent(cancelIntent(account, id)),
    '/refunds': (_id, form) => presentRefund(refund(account, readRefund(form))),
    '/customers': (_id, form) => {
      refuseUnknown(form, ['email', 'name', 'metadata', 'description', 'preferred_locales']);
      const email = readText(form, 'email', 512);
      const name = readText(form, 'name', 256);
      const metadata = readMetadata(form, 'metadata');
      return presentCustomer(newCustomer(account, { email, name, metadata }));
    },
    '/payment_methods/:id/detach': (id) => {
      const method = find(account.methods, 'payment_method', id);
      if (method.customerId === undefined) {
        refuse('payment_method', 'The payment method is not attached to a customer');
      }
      const detached = { ...method, customerId: undefined };
      account.methods.save(detached);
      return presentMethod(detached);
    },
  };
}
