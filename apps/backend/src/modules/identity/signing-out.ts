/**
 * Ends that staff or the server's operator orders (resilience 9, R4): of one token, of everything a
 * person holds, of everything anybody holds. A cut ends what was issued before it; whoever signs in
 * in the rest of that second does it once more, because the times in tokens are whole seconds.
 */
import type { StaffAct } from '../audit/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { PeopleDeps } from './deps.ts';
import { TokenIdInvalid } from './errors.ts';
import { insertCut, type CutKind } from './repository-revocations.ts';
import { revokeKeysOf } from './repository-keys.ts';
import { revokeSessionsOf } from './repository-sessions.ts';
import { lockPerson } from './repository.ts';
import type { ActOutcome } from './staff.ts';

const SECOND_MS = 1_000;
/** As our issuer makes them. */
const TOKEN_ID = /^jti_[0-9a-z]{26}$/;

export interface SigningOut {
  /** Ends every session and API key of a person; the account stays open. Throws `PersonNotFound`. */
  person(act: StaffAct, personId: string): Promise<ActOutcome>;
  /** Ends every session and API key there is, those of the actor too. Needed after a restore from a backup. */
  everybody(act: StaffAct): Promise<ActOutcome>;
  /** Ends one access token by its `jti`; its session lives on. Throws `TokenIdInvalid`. */
  token(act: StaffAct, tokenId: string): Promise<ActOutcome>;
}

export function createSigningOut(deps: PeopleDeps): SigningOut {
  const { db } = deps;
  return {
    person: (act, personId) =>
      db.transaction(async (tx) => {
        // Held, so that a sign-in on its way is either ended here or begins after the cut.
        await lockPerson(tx, personId, 'update');
        return cut(tx, deps, act, { name: 'people.sign_out', kind: 'person', subject: personId });
      }),
    everybody: (act) =>
      db.transaction((tx) =>
        // No row of a session is touched: every question about one asks for the newest cut.
        cut(tx, deps, act, { name: 'sessions.end_all', kind: 'everybody', subject: '' }),
      ),
    async token(act, tokenId) {
      if (!TOKEN_ID.test(tokenId)) throw new TokenIdInvalid('not the jti of an access token');
      return db.transaction((tx) =>
        cut(tx, deps, act, { name: 'sessions.end_token', kind: 'token', subject: tokenId }),
      );
    },
  };
}

/** Entry and cut in one transaction; a repeat of the same act changes nothing. */
async function cut(
  tx: Tx,
  deps: PeopleDeps,
  act: StaffAct,
  wish: Readonly<{ name: string; kind: CutKind; subject: string }>,
): Promise<ActOutcome> {
  const { name, kind, subject } = wish;
  const at = deps.clock.now();
  const personId = kind === 'person' ? subject : undefined;
  const { id: auditId, isFirst } = await deps.audit.record(tx, {
    ...{ ...act, act: name, personId },
    subject: { kind, id: subject === '' ? kind : subject },
  });
  if (!isFirst) return { auditId, isFirst };
  if (personId !== undefined) {
    await revokeSessionsOf(tx, personId, { reason: name, at });
    await revokeKeysOf(tx, personId, at);
  }
  const issuedBefore = new Date((Math.floor(at.getTime() / SECOND_MS) + 1) * SECOND_MS);
  await insertCut(tx, { id: deps.ids.next('cut'), kind, subject, issuedBefore, at });
  return { auditId, isFirst };
}
