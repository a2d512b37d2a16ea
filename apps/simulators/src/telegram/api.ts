import { json, type Answer, type Request, type Router } from '../http.ts';
import type { World } from '../world.ts';
import { ApiError } from './bot-api.ts';
import type { Methods, Result } from './call.ts';
import { paramsOf, readParams, type Params } from './params.ts';

/** Known to the Bot API, not to this simulator: the words say so instead of "not found". */
const NOT_SIMULATED = ['sendphoto', 'sendvideo', 'senddocument', 'senddice'];

/** `/telegram/bot<token>/<method>` by GET and POST, journaled for the inspector. */
export function registerApi(router: Router, world: World, methods: Methods): void {
  async function handle(request: Request): Promise<Answer> {
    if (request.params['token'] !== world.config.telegram.token) {
      return json(401, { ok: false, error_code: 401, description: 'Unauthorized' });
    }
    const gone = new AbortController();
    request.response.on('close', () => {
      gone.abort();
    });
    const name = request.params['method'] ?? '';
    const started = world.clock.monotonicMs();
    let params = readParams({});
    let answer: ApiAnswer;
    try {
      params = paramsOf(request);
      answer = succeeded(await run(methods, name, params, gone.signal));
    } catch (error) {
      answer = failed(error);
    }
    note(world, name, params, answer, world.clock.monotonicMs() - started);
    return json(answer.status, answer.body);
  }
  for (const method of ['GET', 'POST']) {
    router.on(method, '/telegram/bot:token/:method', handle, { api: 'telegram' });
  }
}

/** Runs a method the bot put into its answer to an update; its failure is only journaled. */
export function runReply(
  world: World,
  methods: Methods,
  reply: Readonly<{ method: string; params: Record<string, unknown> }>,
): void {
  const { method } = reply;
  const params = readParams(reply.params);
  run(methods, method, params, new AbortController().signal)
    .then(succeeded, failed)
    .then((answer) => {
      note(world, method, params, answer, 0);
    })
    .catch((error: unknown) => {
      world.log(`telegram: a reply to an update failed: ${String(error)}`);
    });
}

type ApiAnswer = Readonly<{ status: number; body: Readonly<Record<string, unknown>> }>;

async function run(
  methods: Methods,
  name: string,
  params: Params,
  gone: AbortSignal,
): Promise<Result> {
  const method = methods[name.toLowerCase()];
  if (method !== undefined) return method({ params, gone });
  if (NOT_SIMULATED.includes(name.toLowerCase())) {
    throw new ApiError(400, `Bad Request: ${name} is not simulated`);
  }
  throw new ApiError(404, 'Not Found: method not found');
}

const succeeded = ({ result, description }: Result): ApiAnswer => ({
  status: 200,
  body: { ok: true, result, ...(description === undefined ? {} : { description }) },
});

function failed(error: unknown): ApiAnswer {
  if (!(error instanceof ApiError)) throw error;
  const { code, message, retryAfterSeconds } = error;
  const wait = retryAfterSeconds === undefined ? {} : { retry_after: retryAfterSeconds };
  return {
    status: code,
    body: {
      ok: false,
      error_code: code,
      description: message,
      ...(retryAfterSeconds === undefined ? {} : { parameters: wait }),
    },
  };
}

function note(world: World, method: string, params: Params, answer: ApiAnswer, ms: number): void {
  // A poll that brought nothing says nothing; it would drown the calls that do.
  const { result } = answer.body;
  if (method.toLowerCase() === 'getupdates' && Array.isArray(result) && result.length === 0) return;
  world.journal.add({
    target: 'telegram',
    direction: 'to-vendor',
    summary: `${method} ${String(answer.status)}`,
    detail: {
      kind: 'call',
      method,
      params: params.raw,
      status: answer.status,
      answer: answer.body,
      ms: Math.round(ms),
      ...chatOf(params),
    },
  });
}

function chatOf(params: Params): { chatId?: number } {
  const chatId = Number(params.raw['chat_id']);
  return Number.isSafeInteger(chatId) ? { chatId } : {};
}
