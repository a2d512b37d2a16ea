import type { StaffRole } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import type { Tx } from '../../platform/db/index.ts';

/** What a person is told about their own sign-in, whether or not they did it themselves (A7). */
export type Notice = Readonly<{
  kind: 'new_device' | 'password_changed' | 'second_factor_changed' | 'recovery_code_used';
  personId: string;
  /** Where mail goes: the address as its owner wrote it. */
  email: string;
  language: Language;
  at: Date;
  address: string;
  userAgent: string | undefined;
}>;

/**
 * Mail that identity needs; the composition says how it is sent. Each call adds to the transaction
 * of its fact, so there is no letter without its fact; the codes and tokens are in clear here only.
 */
export interface Letters {
  sendCode(
    tx: Tx,
    wish: { email: string; code: string; language: Language; expiresAt: Date },
  ): Promise<void>;
  sendInvitation(
    tx: Tx,
    wish: {
      email: string;
      token: string;
      role: StaffRole;
      language: Language;
      /** Who invites, as they are called. */
      inviter: string;
      expiresAt: Date;
    },
  ): Promise<void>;
  notify(tx: Tx, notice: Notice): Promise<void>;
}
