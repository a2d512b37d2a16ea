import type { Account } from './account.ts';
import type { Shown } from './present.ts';
import {
  presentCharge,
  presentCustomer,
  presentIntent,
  presentMethod,
  presentSession,
} from './present.ts';

const DEPTH_MAX = 4;

/** Puts whole objects where an answer names them: `expand[]=payment_intent.latest_charge`. */
export function expand(account: Account, shown: Shown, paths: readonly string[]): Shown {
  return paths.reduce(
    (object, path) => expandPath(account, object, path.split('.').slice(0, DEPTH_MAX)),
    shown,
  );
}

function expandPath(account: Account, shown: Shown, [name = '', ...rest]: string[]): Shown {
  const value = shown[name];
  if (Array.isArray(value)) {
    const items = value as Shown[]; // the only arrays of objects in answers are lists
    return { ...shown, [name]: items.map((item) => expandPath(account, item, rest)) };
  }
  const found = typeof value === 'string' ? objectOf(account, value) : (value as Shown | undefined); // ids and objects are all there is
  if (!found) return shown;
  return { ...shown, [name]: rest.length === 0 ? found : expandPath(account, found, rest) };
}

/** The object of an id, by the vendor's own prefixes. */
function objectOf(account: Account, id: string): Shown | undefined {
  const { sessions, intents, charges, customers, methods, world } = account;
  const shownIf = <T>(item: T | undefined, present: (item: T) => Shown): Shown | undefined =>
    item === undefined ? undefined : present(item);
  if (id.startsWith('pi_')) return shownIf(intents.find(id), presentIntent);
  if (id.startsWith('cus_')) return shownIf(customers.find(id), presentCustomer);
  if (id.startsWith('pm_')) return shownIf(methods.find(id), presentMethod);
  if (id.startsWith('cs_')) {
    return shownIf(sessions.find(id), (session) => presentSession(session, world.selfUrl));
  }
  return shownIf(charges.find(id), (charge) =>
    presentCharge(charge, intents.find(charge.intentId), methods.find(charge.methodId)),
  );
}
