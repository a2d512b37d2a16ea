import { API, PASSKEYS_MAX, type WaysWire } from '@opora/contracts';
import type { ReactNode } from 'react';
import { PageHead } from '../../shared/ui/page-head.tsx';
import type { Inside } from '../cabinet/cabinet-page.tsx';
import { Removal } from '../cabinet/removal.tsx';
import { telegramWay } from '../sign-in/offered.ts';
import type { TelegramWay } from '../sign-in/telegram-login.ts';
import { ToTelegram } from '../sign-in/to-telegram.tsx';
import { signInWords } from '../sign-in/words.ts';
import { AddPasskey } from './add-passkey.tsx';
import { ChangeEmail, SetPassword, type Forms } from './change-forms.tsx';
import { keyWords } from './key-words.ts';
import { Keys } from './keys.tsx';
import { Prove } from './prove.tsx';
import { accountWords, type AccountWords } from './words.ts';

const PATH = '/auth/account';

/** How somebody gets into their account; changes are offered after a proof of late. */
export async function Ways({ visit, api }: Inside) {
  const { language } = visit;
  const words = accountWords[language];
  const [ways, keys, telegram] = await Promise.all([
    api(API.account.read),
    api(API.account.keys),
    telegramWay(),
  ]);
  const isFresh = ways.freshUntil !== null;
  const forms: Forms = { words, step: signInWords[language], language };
  return (
    <div className="space-y-8">
      <PageHead title={words.ways}>{words.waysLead}</PageHead>
      {isFresh ? null : <Prove forms={forms} ways={ways} telegram={telegram} />}
      <ul className="divide-y divide-line rounded-card border border-line bg-surface">
        <Way title={words.email} value={ways.email ?? words.none}>
          {isFresh ? <EmailActs forms={forms} ways={ways} /> : null}
        </Way>
        <Way title={words.password} value={ways.hasPassword ? words.isSet : words.none}>
          {isFresh ? <PasswordActs forms={forms} ways={ways} /> : null}
        </Way>
        <Way title={words.telegram} value={telegramValue(ways, words)}>
          {isFresh ? <TelegramActs forms={forms} ways={ways} way={telegram} /> : null}
        </Way>
        <Way title={words.passkeys} value={ways.passkeys.length === 0 ? words.passkeysNone : ''}>
          <Passkeys forms={forms} ways={ways} />
        </Way>
      </ul>
      {/* Staff has theirs in the administration; customers where the product lets them. */}
      {ways.isStaff || keys.scopes.length + keys.keys.length === 0 ? null : (
        <Keys
          keys={keys}
          ways={ways}
          visit={visit}
          texts={{ session: keyWords[language].own }}
          isProofElsewhere
        />
      )}
    </div>
  );
}

type Part = Readonly<{ forms: Forms; ways: WaysWire }>;

function EmailActs({ forms, ways }: Part) {
  const { words } = forms;
  return (
    <>
      <ChangeEmail forms={forms} label={ways.email === null ? words.addEmail : words.changeEmail} />
      {/* What staff signs in with goes together with their access. */}
      {ways.email === null || ways.isStaff ? null : (
        <Remove kind="email" name={ways.email} of={words.removeEmail} words={words} />
      )}
    </>
  );
}

function PasswordActs({ forms, ways }: Part) {
  const { words } = forms;
  if (ways.email === null) return <p className="text-14 text-muted">{words.emailFirst}</p>;
  return (
    <>
      <SetPassword
        forms={forms}
        label={ways.hasPassword ? words.changePassword : words.setPassword}
        hint={ways.isStaff ? words.staffPasswordHint : words.passwordHint}
      />
      {ways.hasPassword && !ways.isStaff ? (
        <Remove kind="password" name={words.password} of={words.removePassword} words={words} />
      ) : null}
    </>
  );
}

function TelegramActs({ forms, ways, way }: Part & Readonly<{ way: TelegramWay | undefined }>) {
  const { words, step, language } = forms;
  if (ways.telegram !== null) {
    const name = telegramValue(ways, words);
    return <Remove kind="telegram" name={name} of={words.removeTelegram} words={words} />;
  }
  if (way === undefined) return null;
  const leaving = { place: 'account', after: 'connect', language } as const;
  return <ToTelegram way={way} leaving={leaving} label={words.connect} words={step} />;
}

/** Each by its owner's name for it; changes as above. */
function Passkeys({ forms, ways }: Part) {
  const { words } = forms;
  const isFresh = ways.freshUntil !== null;
  return (
    <>
      {ways.passkeys.length === 0 ? null : (
        <ul className="w-full space-y-2">
          {ways.passkeys.map(({ id, name }) => (
            <li key={id} className="flex flex-wrap items-center gap-x-6">
              <span className="min-w-0 flex-1 break-all">{name}</span>
              {isFresh ? (
                <Remove
                  kind={`passkeys/${id}`}
                  name={name}
                  of={words.removePasskey}
                  words={words}
                />
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {isFresh && ways.passkeys.length < PASSKEYS_MAX ? <AddPasskey forms={forms} /> : null}
    </>
  );
}

function Way({ title, value, children }: { title: string; value: string; children: ReactNode }) {
  return (
    <li className="space-y-3 px-4 py-4 sm:px-6">
      <div>
        <h2 className="text-16 font-semibold">{title}</h2>
        {value === '' ? null : <p className="break-words text-muted">{value}</p>}
      </div>
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3">{children}</div>
    </li>
  );
}

function Remove(props: {
  kind: string;
  name: string;
  of: AccountWords['removeEmail'];
  words: AccountWords;
}) {
  const { kind, name, of, words } = props;
  return (
    <Removal
      path={`${PATH}/${kind}`}
      name={name}
      words={{
        ...{ remove: of.of, removeOf: of.of, title: of.title, text: of.text, keep: words.keep },
        ...{ removed: words.removed, failed: words.failed },
      }}
    />
  );
}

function telegramValue({ telegram }: WaysWire, words: AccountWords): string {
  if (telegram === null) return words.none;
  return telegram.username === null ? words.connected : `@${telegram.username}`;
}
