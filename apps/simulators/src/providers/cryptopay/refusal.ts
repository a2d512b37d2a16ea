import { type Answer, json } from '../../http.ts';
import { ActRefused } from '../till.ts';

/** What Crypto Pay answers instead of a result; `name` is the vendor's word in capitals. */
export class Refusal extends ActRefused {
  override readonly name = 'Refusal';
  readonly code: number;

  constructor(code: number, name: string) {
    super(name, name === 'INVOICE_NOT_FOUND');
    this.code = code;
  }
}

export function refuse(name: string): never {
  throw new Refusal(400, name);
}

export const refusalAnswer = ({ code, message }: Refusal): Answer =>
  json(code, { ok: false, error: { code, name: message } });
