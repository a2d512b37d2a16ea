import type { Tx } from '../../platform/db/index.ts';
import type { SignInDeps } from './deps.ts';
import { hashOfReadable } from './one-time.ts';
import { readTotp, useRecoveryCode, useStep } from './repository-credentials.ts';
import { totpPlace } from './steps.ts';
import { matchingStep } from './totp.ts';

const TOTP_CODE = /^\d{6}$/;

/**
 * Uses up a second factor: six digits of the authenticator, or a recovery code. Undefined: it is
 * wrong, or was used before. Both are conditional updates, so one code counts once in any race.
 */
export async function useFactor(
  tx: Tx,
  deps: Pick<SignInDeps, 'sealing'>,
  given: { personId: string; code: string; at: Date },
): Promise<'totp' | 'recovery' | undefined> {
  const { personId, at } = given;
  const code = given.code.trim();
  if (!TOTP_CODE.test(code)) {
    const hash = hashOfReadable(code);
    return (await useRecoveryCode(tx, { personId, hash, at })) ? 'recovery' : undefined;
  }
  const totp = await readTotp(tx, personId);
  if (totp === undefined) return undefined;
  const secret = deps.sealing.open(totp.secret, totpPlace(personId));
  const step = matchingStep(secret, code, { at, lastStep: totp.lastStep });
  return step !== undefined && (await useStep(tx, personId, step)) ? 'totp' : undefined;
}
