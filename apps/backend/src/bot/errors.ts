import { DomainError, OperationalError } from '@opora/kernel';

/** Not an update of Telegram, though the secret was right. */
export class UpdateMalformed extends DomainError {
  readonly code = 'http.malformed_body';
  readonly kind = 'invalid';
}

/** Another process handled this chat meanwhile: read again, decide again. */
export class ChatMoved extends OperationalError {
  readonly code = 'bot.chat_moved';
}

/** Turns one kind of refusal into "there is none"; every other one goes on. */
export function missing(kind: new (message: string) => DomainError): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof kind) return undefined;
    throw error;
  };
}
