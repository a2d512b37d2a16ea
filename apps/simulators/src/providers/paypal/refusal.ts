import { type Answer, json } from '../../http.ts';

/** The names of errors this simulator answers with, and their statuses. */
const STATUS = {
  INVALID_REQUEST: 400,
  AUTHENTICATION_FAILURE: 401,
  RESOURCE_NOT_FOUND: 404,
  UNPROCESSABLE_ENTITY: 422,
} as const;

const MESSAGES: Readonly<Record<keyof typeof STATUS, string>> = {
  INVALID_REQUEST: 'Request is not well-formed, syntactically incorrect, or violates schema.',
  AUTHENTICATION_FAILURE: 'Authentication failed due to invalid authentication credentials.',
  RESOURCE_NOT_FOUND: 'The specified resource does not exist.',
  UNPROCESSABLE_ENTITY:
    'The requested action could not be performed, semantically incorrect, or failed business validation.',
};

/** A call PayPal does not carry out: the issue says why, the field where. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly kind: keyof typeof STATUS;
  readonly issue: string;
  readonly field: string | undefined;

  constructor(kind: keyof typeof STATUS, issue: string, field?: string) {
    super(`${issue}${field === undefined ? '' : ` (${field})`}`);
    this.kind = kind;
    this.issue = issue;
    this.field = field;
  }
}

/** The body is wrong at `field`, a JSON pointer. */
export function refuse(field: string, issue: string): never {
  throw new Refusal('INVALID_REQUEST', issue, field);
}

/** The body is right and the state, the payer or the account forbids it. */
export function forbid(issue: string, field?: string): never {
  throw new Refusal('UNPROCESSABLE_ENTITY', issue, field);
}

export function missing(): never {
  throw new Refusal('RESOURCE_NOT_FOUND', 'INVALID_RESOURCE_ID');
}

export function refusalAnswer({ kind, issue, field }: Refusal, debugId: string): Answer {
  return json(STATUS[kind], {
    name: kind,
    message: MESSAGES[kind],
    debug_id: debugId,
    details: [{ issue, description: issue.toLowerCase().replaceAll('_', ' '), field }],
    links: [],
  });
}
