import {
  connectTelegramStep,
  disconnectTelegramStep,
  proveStep,
  readAccount,
  removePasswordStep,
  sendProofCode,
  setPasswordStep,
  type AccountView,
  type By,
  type Own,
  type Proof,
} from './account.ts';
import { askEmailStep, confirmEmailStep, removeEmailStep } from './account-email.ts';
import {
  addPasskeyStep,
  askProofPasskeyStep,
  askNewPasskeyStep,
  provePasskeyStep,
  removePasskeyStep,
  type AuthenticationQuestion,
  type RegistrationQuestion,
} from './passkeys.ts';
import {
  addKeyStep,
  bindKeyStep,
  readKeys,
  removeKeyStep,
  type KeyWish,
  type OwnKeys,
} from './own-keys.ts';
import type { ApiKey } from './repository-keys.ts';
import type { TelegramWord } from './customer-steps.ts';
import type { SignInDeps } from './deps.ts';
import type { CodeAnswer } from './mail-steps.ts';

type PasskeyProof = Readonly<{ passkey: Parameters<typeof provePasskeyStep>[2] }>;

/** A person's own ways in. What each throws stands at its step. */
export interface Accounts {
  read(own: Own): Promise<AccountView>;
  sendProofCode(by: By): Promise<string>;
  askProofPasskey(by: By): Promise<AuthenticationQuestion>;
  prove(by: By, proof: Proof | PasskeyProof): Promise<AccountView>;
  setPassword(by: By, password: string): Promise<void>;
  removePassword(by: By): Promise<void>;
  askEmail(by: By, email: string): Promise<string>;
  confirmEmail(by: By, answer: CodeAnswer): Promise<void>;
  removeEmail(by: By): Promise<void>;
  connectTelegram(by: By, word: TelegramWord): Promise<void>;
  disconnectTelegram(by: By): Promise<void>;
  askNewPasskey(by: By): Promise<RegistrationQuestion>;
  addPasskey(by: By, wish: Parameters<typeof addPasskeyStep>[2]): Promise<void>;
  removePasskey(by: By, id: string): Promise<void>;
  keys(own: Own): Promise<OwnKeys>;
  addKey(by: By, wish: KeyWish): Promise<{ key: string; made: ApiKey }>;
  bindKey(by: By, wish: { id: string; networks: readonly string[] }): Promise<void>;
  removeKey(by: By, id: string): Promise<void>;
}

export function createAccounts(deps: SignInDeps): Accounts {
  return {
    read: (own) => readAccount(deps, own),
    sendProofCode: (by) => sendProofCode(deps, by),
    askProofPasskey: (by) => askProofPasskeyStep(deps, by),
    async prove(by, proof) {
      if (!('passkey' in proof)) return proveStep(deps, by, proof);
      await provePasskeyStep(deps, by, proof.passkey);
      return readAccount(deps, by);
    },
    setPassword: (by, password) => setPasswordStep(deps, by, password),
    removePassword: (by) => removePasswordStep(deps, by),
    askEmail: (by, email) => askEmailStep(deps, by, email),
    confirmEmail: (by, answer) => confirmEmailStep(deps, by, answer),
    removeEmail: (by) => removeEmailStep(deps, by),
    connectTelegram: (by, word) => connectTelegramStep(deps, by, word),
    disconnectTelegram: (by) => disconnectTelegramStep(deps, by),
    askNewPasskey: (by) => askNewPasskeyStep(deps, by),
    addPasskey: (by, wish) => addPasskeyStep(deps, by, wish),
    removePasskey: (by, id) => removePasskeyStep(deps, by, id),
    keys: (own) => readKeys(deps, own),
    addKey: (by, wish) => addKeyStep(deps, by, wish),
    bindKey: (by, wish) => bindKeyStep(deps, by, wish),
    removeKey: (by, id) => removeKeyStep(deps, by, id),
  };
}
