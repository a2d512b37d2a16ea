import type { IncomingMessage, ServerResponse } from 'node:http';
import { HEADERS, type ProblemCode } from '@opora/contracts';
import { errors, type Dispatcher, type Pool } from 'undici';
import { answerProblem } from './answer.ts';
import { BodyTooLarge, type Body } from './body.ts';
import { answerHeaders, DEADLINE_AT } from './headers.ts';
import { choose, isSilence, type Instance, type Outcome } from './instance.ts';
import type { Upstream } from './upstream.ts';

/** Longest silence inside an answer; streams of events beat more often. */
const SILENCE_MAX_MS = 60_000;
/**
 * A first try that could be made elsewhere waits for its answer so long, each by its own clock: the
 * client's limits are looked at twice a second, and all that fall due at once would want a second try
 * at once, more than the budget has.
 */
const FIRST_TRY_MS = 1_000;
/** An answer up to this size that came in one piece leaves in one write, head and body together. */
const ONE_PIECE_MAX = 16_384;
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

type Controller = Dispatcher.DispatchController;

/**
 * One request on its way through: chooses an instance, sends, passes the answer on as it comes. It
 * is tried once more on another instance when nothing was sent yet or repeating does no harm.
 * An object per request instead of closures: this is the hot path of everything.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #upstream: Upstream;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #requestId: string;
  readonly #headers: string[];
  readonly #body: Body;
  readonly #deadlineMs: number;
  readonly #isRepeatable: boolean;
  readonly #answerHeaders: readonly string[];
  readonly #onStatus: ((status: number) => void) | undefined;
  readonly #startedMs: number;
  /** Until the answer began: a stream of events may last for hours and was not late. */
  #tookMs: number | undefined;
  #instance: Instance | undefined;
  /** The connections that the current try goes over. */
  #pool: Pool | undefined;
  #judged = false;
  #controller: Controller | undefined;
  #triedAtMs = 0;
  #retrying = false;
  #settled = false;
  /** Ends the waiting of a first try for its answer. */
  #patience: AbortController | undefined;
  #clientGone = false;
  /** The answer of this try is not wanted: another instance is asked. */
  #abandoned = false;
  #length: string | undefined;

  constructor(parts: {
    upstream: Upstream;
    request: IncomingMessage;
    response: ServerResponse;
    requestId: string;
    headers: string[];
    body: Body;
    deadlineMs: number;
    startedMs: number;
    isRepeatable: boolean;
    /** Names and values in turn, for every answer of this exchange. */
    answerHeaders: readonly string[];
    /** Hears what the instance answered. */
    onStatus: ((status: number) => void) | undefined;
  }) {
    this.#upstream = parts.upstream;
    this.#request = parts.request;
    this.#response = parts.response;
    this.#requestId = parts.requestId;
    this.#headers = parts.headers;
    this.#body = parts.body;
    this.#deadlineMs = parts.deadlineMs;
    this.#startedMs = parts.startedMs;
    this.#isRepeatable = parts.isRepeatable;
    this.#answerHeaders = parts.answerHeaders;
    this.#onStatus = parts.onStatus;
  }

  /** Ends with an answer to the client in every case; never throws. */
  begin(): void {
    this.#response.once('close', () => {
      this.#clientLeft();
    });
    this.#try(undefined);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#clientGone) controller.abort(new Error('the client left'));
    else if (this.#couldGoElsewhere(true)) void this.#waitFor(controller);
  }

  onResponseStart(
    controller: Controller,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    if (headers['connection'] === 'close') this.#leaveLine();
    const outcome = outcomeOf(status, headers[HEADERS.blames] !== undefined);
    if (status >= 500 && this.#mayTryElsewhere(true)) {
      this.#settle(outcome);
      this.#abandoned = true;
      controller.abort(new Error('another instance is asked'));
      return;
    }
    const closing = this.#upstream.closing();
    this.#onStatus?.(status);
    this.#tookMs = this.#upstream.nowMs() - this.#startedMs;
    const ours = answerHeaders(headers, this.#requestId, closing);
    this.#response.writeHead(status, [...ours, ...this.#answerHeaders]);
    // A stream of events shows its head before its first event; the rest travels with its body.
    const length = headers['content-length'];
    if (length === undefined) this.#response.flushHeaders();
    else if (typeof length === 'string') this.#length = length;
    this.#settle(outcome);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    if (chunk.length <= ONE_PIECE_MAX && this.#length === String(chunk.length)) {
      // Node joins its head with text only; latin1 keeps every byte. Half the cost of two writes.
      this.#response.end(chunk.toString('latin1'), 'latin1');
      return;
    }
    if (this.#response.write(chunk) || this.#clientGone) return;
    controller.pause();
    this.#response.once('drain', () => {
      controller.resume();
    });
  }

  onResponseEnd(): void {
    this.#response.end();
    this.#finish();
  }

  onResponseError(_controller: Controller, error: Error): void {
    const started = this.#controller !== undefined;
    if (this.#abandoned && !this.#clientGone) {
      this.#abandoned = false;
      this.#tryAgain(true);
    } else if (this.#clientGone || this.#uploadBroke()) {
      this.#settle('ignored');
      this.#response.destroy();
      this.#finish();
    } else if (this.#response.headersSent) {
      // Half an answer cannot be taken back: cutting it is how HTTP says so.
      this.#response.destroy();
      this.#finish();
    } else if (error instanceof BodyTooLarge) {
      this.#settle('ignored');
      this.#refuse('http.body_too_large');
    } else {
      this.#settle(isSilence(error) ? 'silence' : 'failure');
      if (this.#mayTryElsewhere(started)) this.#tryAgain(started);
      else this.#refuse(codeOf(error, started));
    }
  }

  #try(except: Instance | undefined): void {
    const choice = choose(this.#upstream.instances, this.#upstream.chance, except);
    const nowMs = this.#upstream.nowMs();
    const remainingMs = this.#deadlineMs - Math.floor(nowMs - this.#startedMs);
    if (choice === undefined || remainingMs <= 0) {
      this.#refuse(choice === undefined ? 'gateway.no_instance' : 'http.deadline_exceeded');
      return;
    }
    const { instance } = choice;
    this.#instance = instance;
    this.#judged = choice.judged;
    this.#controller = undefined;
    this.#triedAtMs = nowMs;
    this.#settled = false;
    this.#headers[DEADLINE_AT] = String(remainingMs);
    const { pool } = instance.line;
    this.#pool = pool;
    instance.inFlight += 1;
    instance.waiting += 1;
    try {
      pool.dispatch(
        {
          path: this.#request.url ?? '/',
          method: this.#request.method ?? 'GET',
          headers: this.#headers,
          body: this.#body as NonNullable<Dispatcher.DispatchOptions['body']> | null, // undici also takes async iterables
          headersTimeout: remainingMs,
          bodyTimeout: SILENCE_MAX_MS,
        },
        this,
      );
    } catch {
      // Undici refuses what it cannot send before sending anything: the request is at fault.
      this.#settle('ignored');
      this.#refuse('http.malformed_request');
    }
  }

  #leaveLine(): void {
    if (this.#pool !== undefined) this.#instance?.line.leave(this.#pool);
  }

  async #waitFor(controller: Controller): Promise<void> {
    const patience = new AbortController();
    this.#patience = patience;
    await this.#upstream.sleep(FIRST_TRY_MS, patience.signal);
    if (!patience.signal.aborted) controller.abort(new errors.HeadersTimeoutError());
  }

  /** Nobody would notice a second try: nothing was done yet, or doing it twice is doing it once. */
  #couldGoElsewhere(started: boolean): boolean {
    const harmless = !started || this.#isRepeatable || IDEMPOTENT.has(this.#request.method ?? '');
    const replayable = this.#body === null || Buffer.isBuffer(this.#body);
    return harmless && replayable && !this.#retrying && this.#upstream.hasOther(this.#instance);
  }

  /** Takes a place in the budget when it says yes: `tryAgain` must follow. */
  #mayTryElsewhere(started: boolean): boolean {
    if (!this.#couldGoElsewhere(started)) return false;
    if (!this.#upstream.retries.take(this.#upstream.inFlight())) return false;
    this.#retrying = true;
    return true;
  }

  #tryAgain(started: boolean): void {
    this.#upstream.countRetry();
    // Whoever uses something up with the first try must know that this is the same one.
    if (started) this.#headers.push(HEADERS.again, '1');
    this.#try(this.#free());
  }

  /** Closes the books of the current try; the next outcome of the same try is not counted. */
  #settle(outcome: Outcome): void {
    const instance = this.#instance;
    if (instance === undefined || this.#settled) return;
    this.#settled = true;
    this.#patience?.abort();
    instance.waiting -= 1;
    const tookMs = this.#upstream.nowMs() - this.#triedAtMs;
    const { instances: peers } = this.#upstream;
    instance.noteTry({ outcome, tookMs, peers, isJudged: this.#judged });
  }

  /** The place is kept until the answer has passed or the try has failed. */
  #free(): Instance | undefined {
    const instance = this.#instance;
    this.#instance = undefined;
    if (instance !== undefined) instance.inFlight -= 1;
    return instance;
  }

  #refuse(code: ProblemCode): void {
    const asked = {
      request: this.#request,
      response: this.#response,
      requestId: this.#requestId,
      headers: this.#answerHeaders,
    };
    answerProblem(asked, code, this.#upstream.closing());
    this.#finish();
  }

  #finish(): void {
    this.#free();
    if (this.#retrying) {
      this.#retrying = false;
      this.#upstream.retries.giveBack();
    }
    const tookMs = this.#tookMs ?? this.#upstream.nowMs() - this.#startedMs;
    this.#upstream.countAnswer(this.#response.statusCode, tookMs / 1000);
  }

  #clientLeft(): void {
    if (this.#response.writableFinished) return;
    this.#clientGone = true;
    this.#controller?.abort(new Error('the client left'));
  }

  /** The client stopped in the middle of a streamed body: no fault of the instance. */
  #uploadBroke(): boolean {
    return this.#request.destroyed && !this.#request.complete;
  }
}

/** `blames`: what stands behind the instance is away; the instance itself is well. */
function outcomeOf(status: number, blames: boolean): Outcome {
  if (blames) return 'ignored';
  if (status === 502 || status === 503 || status === 504) return 'failure';
  return status >= 500 ? 'error' : 'success';
}

function codeOf(error: Error, started: boolean): ProblemCode {
  if (!started) return 'gateway.no_instance';
  return isSilence(error) ? 'gateway.upstream_timeout' : 'gateway.upstream_failed';
}
