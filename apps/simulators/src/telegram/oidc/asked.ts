/** What a site asks for at the authorization endpoint (RFC 6749 4.1.1, RFC 7636 4.3, OpenID Connect). */
export type Asked = Readonly<{
  redirectUri: string;
  state: string | null;
  nonce: string | null;
  scopes: readonly string[];
  /** PKCE: the SHA-256 of what the token endpoint is told. */
  challenge: string;
}>;

/** `stranger`: not even the address to come back to can be trusted. */
export type Reading =
  | (Asked & Readonly<{ outcome: 'asked' }>)
  | (Pick<Asked, 'redirectUri' | 'state'> & Readonly<{ outcome: 'refused'; error: string }>)
  | Readonly<{ outcome: 'stranger' }>;

/** 32 bytes in base64url. */
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

export function readAsked(query: URLSearchParams, clientId: string): Reading {
  const redirectUri = query.get('redirect_uri') ?? '';
  const target = URL.parse(redirectUri);
  const isWeb = target !== null && /^https?:$/.test(target.protocol) && target.hash === '';
  if (!isWeb || query.get('client_id') !== clientId) return { outcome: 'stranger' };
  const [state, nonce] = [query.get('state'), query.get('nonce')];
  const refused = (error: string): Reading => ({ outcome: 'refused', redirectUri, state, error });
  if (query.get('response_type') !== 'code') return refused('unsupported_response_type');
  const scopes = (query.get('scope') ?? '').split(' ');
  if (!scopes.includes('openid')) return refused('invalid_scope');
  const challenge = query.get('code_challenge') ?? '';
  const isS256 = query.get('code_challenge_method') === 'S256' && CHALLENGE.test(challenge);
  if (!isS256) return refused('invalid_request');
  return { outcome: 'asked', redirectUri, state, nonce, scopes, challenge };
}
