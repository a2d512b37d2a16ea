/** `/auth/account/*`: a person's own ways in. */
import { API, type WaysWire } from '@opora/contracts';
import { serve, type App } from '../../../platform/http/index.ts';
import type { FastifyRequest } from 'fastify';
import type { AccountView, By, SignIn } from '../index.ts';
import type { Guard } from './authorise.ts';
import { from, wordOf } from './http.ts';
import { presentKey } from '../present-key.ts';

const DONE = { done: true as const };

export function accountRoutes(deps: Guard & Readonly<{ signIn: SignIn }>) {
  const { accounts } = deps.signIn;
  const by = (request: FastifyRequest): By => ({ ...own(request), from: from(deps, request) });
  return (app: App): void => {
    serve(app, API.account.read, async ({ request }) => present(await accounts.read(own(request))));
    serve(app, API.account.sendProofCode, async ({ request }) => ({
      challenge: await accounts.sendProofCode(by(request)),
    }));
    serve(app, API.account.askProofPasskey, async ({ request }) => ({
      ...(await accounts.askProofPasskey(by(request))),
    }));
    serve(app, API.account.prove, async ({ request, body }) => {
      const proof = 'word' in body ? { word: wordOf(deps, request, body.word) } : body;
      return present(await accounts.prove(by(request), proof));
    });
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
      await accounts.connectTelegram(by(request), wordOf(deps, request, body));
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
    keyRoutes(accounts, by)(app);
  };
}

function keyRoutes(accounts: SignIn['accounts'], by: (request: FastifyRequest) => By) {
  return (app: App): void => {
    serve(app, API.account.keys, async ({ request }) => {
      const { keys, scopes } = await accounts.keys(own(request));
      return { keys: keys.map(presentKey), scopes: [...scopes] };
    });
    serve(app, API.account.addKey, async ({ request, body }) => {
      const { key, made } = await accounts.addKey(by(request), body);
      return { key, made: presentKey(made) };
    });
    serve(app, API.account.restrictKey, async ({ request, params, body }) => {
      await accounts.bindKey(by(request), { id: params.keyId, networks: body.networks });
      return DONE;
    });
    serve(app, API.account.removeKey, async ({ request, params }) => {
      await accounts.removeKey(by(request), params.keyId);
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
