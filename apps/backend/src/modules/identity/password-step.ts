import type { SignInDeps } from './deps.ts';
import { readDevice } from './device.ts';
import { readEmail } from './email.ts';
import { EmailInvalid, SignInRefused } from './errors.ts';
import { selfFrom, strangerFrom, type From } from './from.ts';
import { selectPasskeys } from './repository-passkeys.ts';
import { accountByAddress, rehashPassword, type Account } from './repository-credentials.ts';
import type { SignedIn } from './sessions.ts';
import { admitCustomer, beginEnrol, challenge, recordRefusal, type Step } from './steps.ts';
import { brake, forgive, passwordBrakes, release } from './throttle.ts';

/** What a right password leads to: the second step for staff, the session for everybody else. */
export type AfterPassword = Step | Readonly<{ next: 'signed_in'; signedIn: SignedIn }>;

/**
 * E-mail and password. Unknown, closed and wrong do the same work and get the same
 * answer (security A5): one look-up, one hash, one entry in the log. For staff a password alone opens
 * nothing: the second factor follows, or its enrolment. Throws `SignInRefused`, `TooManyTries`, `Overloaded`.
 */
export async function passwordStep(
  deps: SignInDeps,
  wish: { email: string; password: string },
  from: From,
): Promise<AfterPassword> {
  const { db, hasher } = deps;
  const at = deps.clock.now();
  const address = addressOf(wish.email);
  const account = await accountByAddress(db.read, address);
  const brakes = passwordBrakes({
    account: address,
    address: from.address,
    device: knownDevice(deps, account, from, at),
  });
  await db.transaction((tx) => brake(tx, brakes, at));
  const phc = account?.isActive === true ? account.phc : undefined;
  const isRight = await hasher.verify(wish.password, phc ?? hasher.dummy);
  if (account === undefined || phc === undefined || !isRight) {
    const refusal = { act: 'session.password_refused', account: account ?? address };
    await db.transaction((tx) =>
      recordRefusal(tx, deps, { ...refusal, actor: strangerFrom(from) }),
    );
    throw new SignInRefused('unknown, closed or wrong');
  }
  const fresh = hasher.isOutdated(phc) ? await hasher.hash(wish.password) : undefined;
  return db.transaction(async (tx) => {
    const { personId } = account;
    await release(tx, brakes);
    await forgive(tx, address);
    if (fresh !== undefined) await rehashPassword(tx, { personId, old: phc, phc: fresh });
    await deps.audit.record(tx, {
      actor: selfFrom(account, from),
      act: 'session.password_accepted',
      subject: { kind: 'person', id: personId },
      personId,
    });
    if (!account.isActiveStaff) {
      const signedIn = await admitCustomer(tx, deps, { personId, way: 'password', from, at });
      return { next: 'signed_in', signedIn };
    }
    if (!account.hasSecondFactor) return beginEnrol(tx, deps, { ...account, at });
    const token = await challenge(tx, deps, { purpose: 'second_factor', personId, at });
    const hasPasskey = (await selectPasskeys(tx, personId, 1)).length > 0;
    return { next: 'second_factor', challenge: token, hasPasskey };
  });
}

/** A text that is no address is one that nobody has. */
function addressOf(text: string): string {
  try {
    return readEmail(text).address;
  } catch (error) {
    if (error instanceof EmailInvalid) return text.trim().toLowerCase();
    throw error;
  }
}

function knownDevice(
  deps: SignInDeps,
  account: Account | undefined,
  from: From,
  at: Date,
): string | undefined {
  const device = readDevice(deps.sealing, from.device, at);
  return device !== undefined && device.personId === account?.personId ? device.id : undefined;
}
