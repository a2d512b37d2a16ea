/** Why a call of a drill had no answer, as its socket or its client named it: `ECONNRESET`, `UND_ERR_SOCKET`. */
export function whyUnanswered(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const inner = error.cause instanceof Error && 'code' in error.cause ? error.cause : error;
  return 'code' in inner ? `${String(inner.code)} ${inner.message}` : error.name;
}
