/**
 * An authenticator in software, written from the WebAuthn standard by other code than what judges it:
 * it makes ES256 keys, answers questions, and lies where a test asks it to.
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';

/** Flags of authenticator data: somebody is there, was recognised, a new key follows. */
const [PRESENT, RECOGNISED, NEW_KEY] = [0x01, 0x04, 0x40];

export type Lie = Partial<{
  origin: string;
  rpId: string;
  challenge: string;
  isRecognised: boolean;
  type: string;
  counter: number;
  userHandle: string;
}>;

type Asked = Readonly<{ challenge: string }>;

export class SoftKey {
  readonly id = randomBytes(16);
  counter = 0;
  #userHandle = '';
  readonly #key: KeyObject;
  readonly #point: Buffer;
  readonly #origin: string;
  readonly #rpId: string;

  constructor(site: Readonly<{ origin: string; rpId: string }>) {
    this.#origin = site.origin;
    this.#rpId = site.rpId;
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = privateKey;
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    this.#point = Buffer.concat([Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  }

  make(asked: Asked & Readonly<{ user: { id: string } }>, lie: Lie = {}): RegistrationResponseJSON {
    this.#userHandle = asked.user.id;
    const data = Buffer.concat([
      this.#authenticatorData(NEW_KEY, lie),
      Buffer.alloc(16),
      Buffer.from([0, this.id.length]),
      this.id,
      this.#coseKey(),
    ]);
    // {fmt: "none", attStmt: {}, authData: bytes} in CBOR.
    const attestation = Buffer.concat([
      Buffer.from([0xa3]),
      text('fmt'),
      text('none'),
      text('attStmt'),
      Buffer.from([0xa0]),
      text('authData'),
      Buffer.from([0x58, data.length]),
      data,
    ]);
    return {
      ...this.#named(),
      response: {
        clientDataJSON: this.#clientData('webauthn.create', asked, lie),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal'],
      },
    };
  }

  answer(asked: Asked, lie: Lie = {}): AuthenticationResponseJSON {
    this.counter = lie.counter ?? this.counter + 1;
    const data = this.#authenticatorData(0, lie);
    const clientDataJSON = this.#clientData('webauthn.get', asked, lie);
    const hash = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest();
    const signature = sign('sha256', Buffer.concat([data, hash]), this.#key);
    return {
      ...this.#named(),
      response: {
        clientDataJSON,
        authenticatorData: data.toString('base64url'),
        signature: signature.toString('base64url'),
        userHandle: lie.userHandle ?? this.#userHandle,
      },
    };
  }

  #named() {
    const id = this.id.toString('base64url');
    return { id, rawId: id, type: 'public-key' as const, clientExtensionResults: {} };
  }

  #clientData(type: string, { challenge }: Asked, lie: Lie): string {
    const said = {
      type: lie.type ?? type,
      challenge: lie.challenge ?? challenge,
      origin: lie.origin ?? this.#origin,
      crossOrigin: false,
    };
    return Buffer.from(JSON.stringify(said)).toString('base64url');
  }

  #authenticatorData(flags: number, lie: Lie): Buffer {
    const hash = createHash('sha256')
      .update(lie.rpId ?? this.#rpId)
      .digest();
    const recognised = lie.isRecognised === false ? 0 : RECOGNISED;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([hash, Buffer.from([flags | PRESENT | recognised]), counter]);
  }

  /** {1: 2, 3: -7, -1: 1, -2: x, -3: y}: an EC2 key of P-256 for ES256. */
  #coseKey(): Buffer {
    return Buffer.concat([
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
      this.#point.subarray(0, 32),
      Buffer.from([0x22, 0x58, 0x20]),
      this.#point.subarray(32),
    ]);
  }
}

function text(word: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + word.length]), Buffer.from(word)]);
}
