/** `/auth/*` and the public keys. Tokens travel in cookies only, never in an answer. */
import {
  API,
  HEADERS,
  ROLE_PERMISSIONS,
  type Endpoint,
  type SessionWire,
  type TelegramWordWire,
} from '@opora/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  assertSameOrigin,
  createCopies,
  preferredLanguage,
  serve,
  stillWanted,
  type App,
  type Call,
} from '../../../platform/http/index.ts';
import type { Jwks } from '../../../platform/tokens/index.ts';
import { SessionEnded, type From, type SessionView, type SignedIn, type SignIn } from '../index.ts';
import { csrfToken, steppedUpUntil, type Guard } from './authorise.ts';
import { clearCookies, readCookie, setBegun, setCookies } from './cookies.ts';

export { createAuthorise, installSession, type StaffCaller } from './authorise.ts';

export type AuthEdge = Guard &
  Readonly<{
    signIn: SignIn;
    jwks: Jwks;
    /** Absent: there is no bot. */
    offered?: OfferedTelegram;
  }>;

/** The one way of Telegram that the pages offer: its login widget's address, or a question by code. */
export type OfferedTelegram = Readonly<{ telegramUrl: string | null; telegramOidc: boolean }>;
const NO_TELEGRAM: OfferedTelegram = { telegramUrl: null, telegramOidc: false };

export function authRoutes(deps: AuthEdge) {
  return (app: App): void => {
    app.get('/.well-known/jwks.json', { config: { permission: 'public' } }, (_request, reply) =>
      reply.header('cache-control', 'public, max-age=300').send(deps.jwks),
    );
    readSessionRoute(deps)(app);
    sessionRoutes(deps, app);
    customerRoutes(deps, app);
    telegramRoutes(deps, app);
    registrationRoutes(deps, app);
    passkeyRoutes(deps, app);
    staffRoutes(deps, app);
    joiningRoutes(deps, app);
  };
}

/** A copy that young is not looked after. */
const COPY_YOUNG_MS = 5 * 60_000;

/**
 * Who is signed in: of the auth service, and of the API for the time that one is away. It is away
 * too while the database is, so the API looks at the sessions it serves before it is asked.
 */
export function readSessionRoute(deps: Guard) {
  // The session may have ended: only a database that is away leaves the copy, not one that is late.
  const copies = createCopies<SessionView>(deps, { isPatient: true });
  return (app: App): void => {
    serve(app, API.session.read, async ({ request: { session }, reply }) => {
      const { value } = await copies.read(session.id, () => deps.sessions.view(session.id), reply);
      return present(deps, value, session.expiresAt);
    });
    app.addHook('onResponse', (request, _reply, done) => {
      if (request.personId !== '' && isDue(request.session)) {
        const { id } = request.session;
        // What comes of it is for later: nobody waits, and nothing depends on it.
        copies.read(id, () => deps.sessions.view(id)).catch(() => undefined);
      }
      done();
    });
  };

  /** What stands for a session behind an API key ends as it begins. */
  function isDue({ id, expiresAt }: FastifyRequest['session']): boolean {
    const [now, madeAt] = [deps.clock.now(), copies.madeAt(id)];
    const isYoung = madeAt !== undefined && now.getTime() - madeAt.getTime() < COPY_YOUNG_MS;
    return expiresAt > now && !isYoung;
  }
}

function sessionRoutes(deps: AuthEdge, app: App): void {
  const { sessions } = deps;
  fromOurSite(deps, app, API.session.refresh, async ({ request, reply }) => {
    const token = readCookie(request, deps.cookies.refresh);
    if (token === undefined) throw new SessionEnded('no refresh token');
    // Late, its token would look stolen: the browser has its successor from the other instance.
    await stillWanted(request);
    return enter(deps, reply, await sessions.refresh(token));
  });
  fromOurSite(deps, app, API.session.leave, async ({ request, reply }) => {
    const token = readCookie(request, deps.cookies.refresh);
    if (token !== undefined) await sessions.leave(token);
    clearCookies(deps, reply);
    return { left: true as const };
  });
  serve(app, API.session.stepUp, async ({ request, body }) => {
    const { id: sessionId, expiresAt } = request.session;
    const wish = { sessionId, code: body.code };
    return present(deps, await deps.signIn.stepUp(wish, from(deps, request)), expiresAt);
  });
}

function customerRoutes(deps: AuthEdge, app: App): void {
  const { signIn } = deps;
  // A page of its own asks for a press: mail and chat programs open links by themselves.
  fromOurSite(deps, app, API.session.enter, async ({ request, reply, body }) =>
    signedIn(deps, reply, await signIn.enter(body.link, from(deps, request))),
  );
  fromOurSite(deps, app, API.session.sendCode, async ({ request, body }) => ({
    challenge: await signIn.sendCode(body, from(deps, request)),
  }));
  fromOurSite(deps, app, API.session.enterCode, async ({ request, reply, body }) =>
    signedIn(deps, reply, await signIn.enterCode(body, from(deps, request))),
  );
}

function telegramRoutes(deps: AuthEdge, app: App): void {
  const { signIn, offered = NO_TELEGRAM } = deps;
  serve(app, API.session.offered, () => Promise.resolve({ ...offered }));
  fromOurSite(deps, app, API.session.askTelegram, async ({ reply, body }) => {
    const { url, begun } = await signIn.askTelegram(body.place);
    setBegun(deps, reply, begun);
    return { url };
  });
  fromOurSite(deps, app, API.session.telegram, async ({ request, reply, body }) => {
    const word = wordOf(deps, request, body);
    return signedIn(deps, reply, await signIn.telegram(word, from(deps, request)));
  });
}

function registrationRoutes(deps: AuthEdge, app: App): void {
  const { signIn } = deps;
  fromOurSite(deps, app, API.session.register, async ({ request, body }) => ({
    challenge: await signIn.register(body, from(deps, request)),
  }));
  fromOurSite(deps, app, API.session.confirmRegistration, async ({ request, reply, body }) =>
    signedIn(deps, reply, await signIn.confirmRegistration(body, from(deps, request))),
  );
  fromOurSite(deps, app, API.session.askReset, async ({ request, body }) => {
    await signIn.askReset(body, from(deps, request));
    return { sent: true as const };
  });
  fromOurSite(deps, app, API.session.reset, async ({ request, body }) => {
    await signIn.reset(body, from(deps, request));
    return { done: true as const };
  });
  fromOurSite(deps, app, API.session.undoEmail, async ({ request, body }) => {
    await signIn.undoEmail(body.token, from(deps, request));
    return { done: true as const };
  });
}

function passkeyRoutes(deps: AuthEdge, app: App): void {
  const { signIn } = deps;
  fromOurSite(deps, app, API.session.askPasskey, async () => ({ ...(await signIn.askPasskey()) }));
  fromOurSite(deps, app, API.session.passkey, async ({ request, reply, body }) =>
    signedIn(deps, reply, await signIn.passkey(body, from(deps, request))),
  );
  fromOurSite(deps, app, API.session.askPasskeyFactor, async ({ body }) => ({
    ...(await signIn.askPasskeyFactor(body.challenge)),
  }));
  fromOurSite(deps, app, API.session.passkeyFactor, async ({ request, reply, body }) =>
    signedIn(deps, reply, await signIn.passkeyFactor(body, from(deps, request))),
  );
}

function staffRoutes(deps: AuthEdge, app: App): void {
  const { signIn } = deps;
  fromOurSite(deps, app, API.session.password, async ({ request, reply, body }) => {
    const step = await signIn.password(body, from(deps, request));
    return step.next === 'signed_in' ? signedIn(deps, reply, step.signedIn) : step;
  });
  fromOurSite(deps, app, API.session.secondFactor, async ({ request, reply, body }) =>
    signedIn(deps, reply, await signIn.secondFactor(body, from(deps, request))),
  );
  fromOurSite(deps, app, API.session.enrol, async ({ request, reply, body }) => {
    const enrolled = await signIn.enrol(body, from(deps, request));
    const session = enter(deps, reply, enrolled.signedIn);
    return { session, recoveryCodes: [...enrolled.recoveryCodes] };
  });
}

function joiningRoutes(deps: AuthEdge, app: App): void {
  const { signIn } = deps;
  fromOurSite(deps, app, API.session.firstOwner, ({ request, body }) =>
    signIn.firstOwner(body, from(deps, request)),
  );
  fromOurSite(deps, app, API.session.readInvitation, async ({ request, body }) => {
    const { display, role, expiresAt } = await signIn.invitation(body.token, from(deps, request));
    return { email: display, role, expiresAt: expiresAt.toISOString() };
  });
  fromOurSite(deps, app, API.session.acceptInvitation, ({ request, body }) =>
    signIn.acceptInvitation(body, from(deps, request)),
  );
}

/** Signing in and out is guarded like any other change: only pages of ours may ask for it. */
function fromOurSite<E extends Endpoint>(
  deps: AuthEdge,
  app: App,
  endpoint: E,
  handler: (call: Call<E>) => ReturnType<Parameters<typeof serve<E>>[2]>,
): void {
  serve(app, endpoint, (call) => {
    assertSameOrigin(call.request, deps.webUrl);
    call.reply.header('cache-control', 'no-store');
    return handler(call);
  });
}

export function from(deps: Guard, request: FastifyRequest): From {
  return {
    address: request.clientAddress,
    userAgent: request.headers['user-agent'],
    requestId: request.id,
    device: readCookie(request, deps.cookies.device),
    language: preferredLanguage(request.headers['accept-language']),
    isAgain: deps.link.proves(request.headers) && request.headers[HEADERS.again] === '1',
  };
}

/** A code counts with the cookie of the browser that asked for it. */
export function wordOf(
  deps: Guard,
  request: FastifyRequest,
  word: TelegramWordWire,
): Parameters<SignIn['telegram']>[0] {
  if (!('code' in word)) return word;
  return { ...word, begun: readCookie(request, deps.cookies.telegram) };
}

function signedIn(
  deps: AuthEdge,
  reply: FastifyReply,
  result: SignedIn,
): { next: 'signed_in'; session: SessionWire } {
  return { next: 'signed_in', session: enter(deps, reply, result) };
}

function enter(deps: AuthEdge, reply: FastifyReply, result: SignedIn): SessionWire {
  setCookies(deps, reply, result);
  return present(deps, result.view, new Date(result.access.claims.exp * 1000));
}

function present(deps: Guard, view: SessionView, expiresAt: Date): SessionWire {
  const { personId, name, language, email, staff } = view;
  return {
    personId,
    name,
    language,
    email: email ?? null,
    expiresAt: expiresAt.toISOString(),
    csrfToken: csrfToken(deps.sealing, view.sessionId),
    staff:
      staff === undefined
        ? null
        : {
            role: staff.role,
            permissions: [...ROLE_PERMISSIONS[staff.role]],
            steppedUpUntil: steppedUpUntil(staff.secondFactorAt, deps.clock)?.toISOString() ?? null,
          },
  };
}
