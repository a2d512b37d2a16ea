import { CUSTOMER_PASSWORD_MIN, PASSWORD_MIN } from '@opora/contracts';
import type { SignInDeps } from './deps.ts';

/**
 * Throws `PasswordWeak`. Words that strangers would try first do not count. A customer's password is
 * all that is asked for, so it is longer than that of staff, whose second factor follows (A1).
 */
export function judge(
  deps: Pick<SignInDeps, 'policy' | 'productName'>,
  password: string,
  owner: { address: string; name?: string; isStaff: boolean },
): void {
  const { address, name = '', isStaff } = owner;
  const parts = address.split(/[@.+_-]/);
  const products = Object.values(deps.productName);
  const words = [address, ...parts, name, ...products, 'opora'];
  deps.policy(password, words, isStaff ? PASSWORD_MIN : CUSTOMER_PASSWORD_MIN);
}
