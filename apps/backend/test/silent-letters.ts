import type { Letters } from '../src/modules/identity/index.ts';

const nothing = (): Promise<void> => Promise.resolve();

/** Where what is mailed about signing in is of no interest. */
export const silentLetters: Letters = {
  sendCode: nothing,
  sendInvitation: nothing,
  sendReset: nothing,
  sendNobody: nothing,
  sendEmailChanged: nothing,
  notify: nothing,
};
