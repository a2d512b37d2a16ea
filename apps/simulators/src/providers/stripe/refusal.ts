import { type Answer, json } from '../../http.ts';

/** The kinds of error Stripe names. */
export type RefusalType =
  'invalid_request_error' | 'card_error' | 'idempotency_error' | 'authentication_error';

type Facts = Readonly<{
  status?: number;
  code?: string | undefined;
  /** The parameter at fault, as it was written in the form. */
  param?: string | undefined;
  declineCode?: string | undefined;
  /** The payment a declined charge belongs to, as the API shows it. */
  paymentIntent?: unknown;
}>;

const STATUS: Readonly<Record<RefusalType, number>> = {
  invalid_request_error: 400,
  card_error: 402,
  idempotency_error: 400,
  authentication_error: 401,
};

/** A call Stripe does not carry out, or a charge the bank declined. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly type: RefusalType;
  readonly facts: Facts;

  constructor(type: RefusalType, message: string, facts: Facts = {}) {
    super(message);
    this.type = type;
    this.facts = facts;
  }
}

/** Throws the vendor's 400 for one parameter. */
export function refuse(param: string | undefined, message: string, code?: string): never {
  throw new Refusal('invalid_request_error', message, { param, code });
}

/** Throws the vendor's 404. */
export function missing(what: string, id: string, param = 'id'): never {
  throw new Refusal('invalid_request_error', `No such ${what}: '${id}'`, {
    status: 404,
    code: 'resource_missing',
    param,
  });
}

export function refusalAnswer({ type, message, facts }: Refusal): Answer {
  return json(facts.status ?? STATUS[type], {
    error: {
      type,
      message,
      code: facts.code,
      param: facts.param,
      decline_code: facts.declineCode,
      payment_intent: facts.paymentIntent,
    },
  });
}
