/**
 * An error as a line shows it: kind, words, code and stack, with its causes joined in. Only these:
 * whatever else an error carries (rows of a database, requests of a client) is data of somebody.
 */

const CAUSES_MAX = 4;
const MESSAGE_MAX = 2_000;
const STACK_MAX = 6_000;

/** What is no error stays as it is: it is a field like any other. */
export function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const chain = chainOf(error);
  const described: Record<string, unknown> = {
    type: error.name === 'Error' ? error.constructor.name : error.name,
    message: cut(chain.map(wordsOf).join(': '), MESSAGE_MAX),
    stack: cut(chain.map(stackOf).join('\ncaused by: '), STACK_MAX),
  };
  const fields = new Map(Object.entries(error));
  for (const name of ['code', 'constraint', 'table']) {
    const value: unknown = fields.get(name);
    if (typeof value === 'string' || typeof value === 'number') described[name] = value;
  }
  return described;
}

/** Cut at a space: half a credential would not be known as one. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const part = text.slice(0, most);
  const end = Math.max(part.lastIndexOf(' '), part.lastIndexOf('\n'), 0);
  return `${part.slice(0, end)} … (${String(text.length)} characters)`;
}

/** The error, its cause, the cause of that; several reasons of one error give the first. */
function chainOf(error: Error): unknown[] {
  const chain: unknown[] = [error];
  let last: unknown = error;
  while (chain.length < CAUSES_MAX && last instanceof Error) {
    const errors: unknown = 'errors' in last ? last.errors : undefined;
    const reasons: readonly unknown[] = Array.isArray(errors) ? errors : [];
    last = last.cause ?? reasons[0];
    if (last instanceof Error || typeof last === 'string') chain.push(last);
  }
  return chain;
}

function wordsOf(link: unknown): string {
  return link instanceof Error ? link.message : String(link);
}

function stackOf(link: unknown): string {
  return link instanceof Error ? (link.stack ?? link.message) : String(link);
}
