import { json, type Answer } from '../../http.ts';
import { ActRefused } from '../till.ts';

/** YooKassa's error codes that this simulator answers with. */
export type RefusalCode = 'invalid_request' | 'invalid_credentials' | 'forbidden' | 'not_found';

const STATUS: Readonly<Record<RefusalCode, number>> = {
  invalid_request: 400,
  invalid_credentials: 401,
  forbidden: 403,
  not_found: 404,
};

/** A call YooKassa does not carry out; `parameter` names the field at fault, as the vendor does. */
export class Refusal extends ActRefused {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly parameter: string | undefined;

  constructor(code: RefusalCode, description: string, parameter?: string) {
    super(description, code === 'not_found');
    this.code = code;
    this.parameter = parameter;
  }
}

/** Throws the vendor's 400 for one field. */
export function refuse(parameter: string, description: string): never {
  throw new Refusal('invalid_request', description, parameter);
}

/** The vendor's error object, `id` being the id of the error itself. */
export function refusalAnswer(refusal: Refusal, id: string): Answer {
  const { code, message: description, parameter } = refusal;
  return json(STATUS[code], {
    type: 'error',
    id,
    code,
    description,
    ...(parameter === undefined ? {} : { parameter }),
  });
}
