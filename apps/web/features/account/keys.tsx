import {
  KEY_DAYS_MAX,
  KEYS_MAX,
  type KeyScope,
  type KeysWire,
  type WaysWire,
} from '@opora/contracts';
import { When } from '../../shared/ui/when.tsx';
import { Removal } from '../cabinet/removal.tsx';
import { signInWords } from '../sign-in/words.ts';
import type { Visit } from '../site/visit.ts';
import type { Forms } from './change-forms.tsx';
import { KeyNetworks } from './key-networks.tsx';
import { keyWords, type KeyWords } from './key-words.ts';
import { NewKey } from './new-key.tsx';
import { Prove } from './prove.tsx';
import { accountWords } from './words.ts';

const PATH = '/auth/account/keys';

type Props = Readonly<{
  keys: KeysWire;
  ways: WaysWire;
  visit: Visit;
  /** What the scopes mean, in words. */
  texts: Readonly<Partial<Record<KeyScope, string>>>;
  /** The page asks for the proof by itself. */
  isProofElsewhere?: boolean;
  /** The page is about nothing else. */
  isPage?: boolean;
}>;

/** A person's API keys: the living ones, and a new one after a proof of late. */
export function Keys(props: Props) {
  const { keys, ways, visit, texts, isProofElsewhere = false, isPage = false } = props;
  const Heading = isPage ? 'h1' : 'h2';
  const { language } = visit;
  const words = keyWords[language];
  const forms: Forms = { words: accountWords[language], step: signInWords[language], language };
  const isFresh = ways.freshUntil !== null;
  const mayMake = keys.scopes.length > 0 && keys.keys.length < KEYS_MAX;
  const scopes = keys.scopes.map((scope) => [scope, texts[scope] ?? scope] as const);
  return (
    <section aria-labelledby="keys" className="space-y-4">
      <div>
        <Heading id="keys" className={isPage ? 'text-22' : 'text-18'}>
          {words.title}
        </Heading>
        <p className="text-muted">{words.lead}</p>
      </div>
      {isFresh || isProofElsewhere ? null : <Prove forms={forms} ways={ways} />}
      {keys.keys.length === 0 ? (
        <p className="text-muted">{words.none}</p>
      ) : (
        <ul className="divide-y divide-line rounded-card border border-line bg-surface">
          {keys.keys.map((one) => (
            <Key key={one.id} {...{ one, words, visit, texts, forms, isFresh }} />
          ))}
        </ul>
      )}
      {isFresh && mayMake ? <NewKey {...{ forms, words, scopes }} daysMax={KEY_DAYS_MAX} /> : null}
    </section>
  );
}

function Key(props: {
  one: KeysWire['keys'][number];
  words: KeyWords;
  visit: Visit;
  texts: Props['texts'];
  forms: Forms;
  isFresh: boolean;
}) {
  const { one, words, visit, texts, forms, isFresh } = props;
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-2 px-4 py-4 sm:px-6">
      <div className="min-w-0 grow basis-64">
        <p className="break-words font-semibold">{one.name}</p>
        <p className="font-mono text-14 break-all">{one.prefix}…</p>
        <p className="text-14 text-muted">
          {one.scopes.map((scope) => texts[scope] ?? scope).join(' · ')}
        </p>
        <p className="text-14 text-muted">
          {one.networks.length === 0 ? (
            words.anywhere
          ) : (
            <>
              {words.from} <span className="font-mono break-all">{one.networks.join(' ')}</span>
            </>
          )}
        </p>
        <p className="text-14 text-muted">
          {words.until} <When at={one.expiresAt} style="day" visit={visit} />;{' '}
          {one.usedAt === null ? (
            words.neverUsed
          ) : (
            <>
              {words.used} <When at={one.usedAt} style="minute" visit={visit} />
            </>
          )}
        </p>
      </div>
      {isFresh ? (
        <KeyNetworks
          {...{ forms, words, name: one.name, networks: one.networks }}
          path={`${PATH}/${one.id}/networks`}
        />
      ) : null}
      <Removal
        path={`${PATH}/${one.id}`}
        name={one.name}
        words={{
          ...{ remove: words.remove.of, removeOf: words.remove.of, title: words.remove.title },
          ...{ text: words.remove.text, keep: words.keep },
          ...{ removed: words.removed, failed: words.failed },
        }}
      />
    </li>
  );
}
