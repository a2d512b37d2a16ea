import { Button } from '../../shared/ui/button.tsx';
import { LANGUAGES } from './preferences.ts';
import { siteWords } from './words.ts';

/**
 * A page that could not be made. It asks nobody for the language, because whatever is broken may be
 * just that: it speaks both, like a sign in a station.
 */
export function Broken({ number, retry }: { number: string | undefined; retry: () => void }) {
  return (
    <main className="mx-auto max-w-[680px] space-y-8 px-4 py-16">
      {LANGUAGES.map((language, at) => {
        const words = siteWords[language];
        const Heading = at === 0 ? 'h1' : 'h2';
        return (
          <section key={language} lang={language} className="space-y-4">
            <Heading className="text-28">{words.broken}</Heading>
            <p className="text-18 text-muted">{words.brokenSafe}</p>
            <Button kind={at === 0 ? 'primary' : 'secondary'} type="button" onClick={retry}>
              {words.retry}
            </Button>
            {number === undefined ? null : (
              <p className="text-14 text-faint">
                {words.requestId}: <code className="font-mono select-all">{number}</code>
              </p>
            )}
          </section>
        );
      })}
    </main>
  );
}
