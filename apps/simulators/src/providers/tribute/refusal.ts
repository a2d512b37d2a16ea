import { type Answer, json } from '../../http.ts';
import { ActRefused } from '../till.ts';

/** A call Tribute does not carry out. */
export class Refusal extends ActRefused {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: 400 | 401 | 403 | 404, message: string) {
    super(message, status === 404);
    this.status = status;
  }
}

export function refuse(message: string): never {
  throw new Refusal(400, message);
}

export const refusalAnswer = ({ status, message }: Refusal): Answer =>
  json(status, { error: status === 404 ? 'not_found' : 'bad_request', message });
