/** `/auth/account/*`: a person's own ways in. */
import { API, type WaysWire } from '@opora/contracts';
import { serve, type App } from '../../../platform/http/index.ts';
import type { FastifyRequest } from 'fastify';
import type { AccountView, By, SignIn } from '../index.ts';
import type { Guard } from './authorise.ts';
import { from } from './http.ts';

const DONE = { done: true as const };

export function accountRoutes(deps: Guard & Readonly<{ signIn: SignIn }>) {
  const { accounts } = deps.signIn;
  const by = (request: FastifyRequest): By => ({ ...own(request), from: from(deps, request) });
  return (app: App): void => {
    serve(app, API.account.read, async ({ request }) => present(await accounts.read(own(request))));
    serve(app, API.account.sendProofCode, async ({ request }) => ({
      challenge: await accounts.sendProofCode(by(request)),
    }));
    serve(app, API.account.prove, async ({ request, body }) =>
      present(await accounts.prove(by(request), body)),
    );
    serve(app, API.account.setPassword, async ({ request, body }) => {
      await accounts.setPassword(by(request), body.password);
      return DONE;
    });
    serve(app, API.account.removePassword, async ({ request }) => {
      await accounts.removePassword(by(request));
      return DONE;
    });
    serve(app, API.account.askEmail, async ({ request, body }) => ({
      challenge: await accounts.askEmail(by(request), body.email),
    }));
    serve(app, API.account.confirmEmail, async ({ request, body }) => {
      await accounts.confirmEmail(by(request), body);
      return DONE;
    });
    serve(app, API.account.removeEmail, async ({ request }) => {
      await accounts.removeEmail(by(request));
      return DONE;
    });
    serve(app, API.account.connectTelegram, async ({ request, body }) => {
      await accounts.connectTelegram(by(request), body);
      return DONE;
    });
    serve(app, API.account.disconnectTelegram, async ({ request }) => {
      await accounts.disconnectTelegram(by(request));
      return DONE;
    });
    serve(app, API.account.askNewPasskey, async ({ request }) => ({
      ...(await accounts.askNewPasskey(by(request))),
    }));
    serve(app, API.account.addPasskey, async ({ request, body }) => {
      await accounts.addPasskey(by(request), body);
      return DONE;
    });
    serve(app, API.account.removePasskey, async ({ request, params }) => {
      await accounts.removePasskey(by(request), params.passkeyId);
      return DONE;
    });
  };
}

function own(request: FastifyRequest): Omit<By, 'from'> {
  return { personId: request.personId, sessionId: request.session.id };
}

function present(view: AccountView): WaysWire {
  const { email, telegram, hasPassword, keys, isStaff, freshUntil } = view;
  return {
    ...{ email: email?.display ?? null, hasPassword, isStaff },
    telegram: telegram === undefined ? null : { username: telegram.username ?? null },
    passkeys: keys.map(({ id, name, createdAt, usedAt }) => ({
      ...{ id, name, createdAt: createdAt.toISOString() },
      usedAt: usedAt?.toISOString() ?? null,
    })),
    freshUntil: freshUntil?.toISOString() ?? null,
  };
}
