import type { StaffRole } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import type { Tx } from '../../platform/db/index.ts';

/** What a person is told about their own sign-in, whether or not they did it themselves (A7). */
export type Notice = Readonly<{
  kind:
    | 'new_device'
    | 'password_changed'
    | 'email_changed'
    | 'telegram_changed'
    | 'passkey_changed'
    | 'key_created'
    | 'second_factor_changed'
    | 'recovery_code_used';
  personId: string;
  /** Where mail goes: the address as its owner wrote it; undefined: the bot tells them. */
  email: string | undefined;
  language: Language;
  /** Where the reader signs in: with the staff or with the customers. */
  isStaff: boolean;
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
  /** A way to a new password, for whoever reads the mailbox. */
  sendReset(
    tx: Tx,
    wish: { email: string; token: string; language: Language; expiresAt: Date },
  ): Promise<void>;
  /** To a mailbox that asked for a new password and belongs to nobody here. */
  sendNobody(tx: Tx, wish: { email: string; language: Language }): Promise<void>;
  /** To the mailbox an account had until now: the change, and the way to undo it. */
  sendEmailChanged(
    tx: Tx,
    wish: { email: string; token: string; language: Language; at: Date; expiresAt: Date },
  ): Promise<void>;
  notify(tx: Tx, notice: Notice): Promise<void>;
}
