import { Monitor, Moon, Sun } from 'lucide-react';
import { LANGUAGES, PREFERENCES_PATH, THEMES, withoutLanguage } from './preferences.ts';
import type { Visit } from './visit.ts';
import { siteWords } from './words.ts';

const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon };
const THEME_MENU = 'theme-menu';

/** `ru | en`: a form that works without scripts; the pressed one is the language of the page. */
export function LanguageSwitch({ visit }: { visit: Visit }) {
  const words = siteWords[visit.language];
  return (
    <form action={PREFERENCES_PATH} method="post" className="flex" aria-label={words.language}>
      <input type="hidden" name="back" value={withoutLanguage(visit.path)} />
      {LANGUAGES.map((language) => (
        <button
          key={language}
          name="lang"
          value={language}
          lang={language}
          title={words.languages[language]}
          aria-pressed={language === visit.language}
          className="size-11 rounded-control text-14 text-muted hover:bg-accent-soft aria-pressed:font-semibold aria-pressed:text-text"
        >
          {language}
        </button>
      ))}
    </form>
  );
}

/** The theme as a native popover of three choices: it opens, closes and takes Esc by itself. */
export function ThemeSwitch({ visit }: { visit: Visit }) {
  const words = siteWords[visit.language];
  const Current = THEME_ICONS[visit.theme];
  return (
    <div className="relative">
      <button
        type="button"
        popoverTarget={THEME_MENU}
        title={words.theme}
        aria-label={`${words.theme}: ${words.themes[visit.theme]}`}
        className="flex size-11 items-center justify-center rounded-control text-muted hover:bg-accent-soft"
      >
        <Current aria-hidden size={20} strokeWidth={1.75} />
      </button>
      <form
        id={THEME_MENU}
        popover="auto"
        action={PREFERENCES_PATH}
        method="post"
        aria-label={words.theme}
        className="absolute inset-auto top-24 right-4 w-56 rounded-card border border-line bg-raised p-2 text-text shadow-pop sm:right-[max(1.5rem,calc((100vw-1120px)/2+2rem))]"
      >
        <input type="hidden" name="back" value={visit.path} />
        {THEMES.map((theme) => {
          const Icon = THEME_ICONS[theme];
          return (
            <button
              key={theme}
              name="theme"
              value={theme}
              aria-pressed={theme === visit.theme}
              className="flex min-h-11 w-full items-center gap-3 rounded-control px-3 text-left hover:bg-accent-soft aria-pressed:font-semibold aria-pressed:text-accent-text"
            >
              <Icon aria-hidden size={20} strokeWidth={1.75} />
              {words.themes[theme]}
            </button>
          );
        })}
      </form>
    </div>
  );
}
