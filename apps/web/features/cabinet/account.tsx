import type { SessionWire } from '@opora/contracts';
import { accountWords } from '../account/words.ts';
import { LANGUAGES } from '../site/preferences.ts';
import type { Visit } from '../site/visit.ts';
import { siteWords } from '../site/words.ts';
import { LetterLanguage, SignOut } from './account-acts.tsx';
import { sessionWords } from './session-words.ts';
import { cabinetWords } from './words.ts';

/** Who is signed in, in which language we write to them, and the way out. */
export function Account({ session, visit }: { session: SessionWire; visit: Visit }) {
  const words = cabinetWords[visit.language];
  const { languages } = siteWords[visit.language];
  return (
    <section
      aria-labelledby="account"
      className="flex flex-wrap items-end justify-between gap-6 border-t border-line pt-6"
    >
      <div className="space-y-3">
        <h2 id="account" className="text-18">
          {words.account}
        </h2>
        <p className="text-muted">{words.signedInAs(session.email ?? session.name)}</p>
        <p>
          <a href="/cabinet/account" className="text-accent-text underline underline-offset-4">
            {accountWords[visit.language].ways}
          </a>
        </p>
        <p>
          <a href="/cabinet/sessions" className="text-accent-text underline underline-offset-4">
            {sessionWords[visit.language].sessions}
          </a>
        </p>
      </div>
      <LetterLanguage
        label={words.letters}
        chosen={session.language}
        languages={LANGUAGES.map((value) => ({ value, name: languages[value] }))}
      />
      <SignOut label={words.signOut} language={visit.language} />
    </section>
  );
}
