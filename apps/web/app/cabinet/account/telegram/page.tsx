import { TelegramWay } from '../../../../features/account/telegram-way.tsx';
import { accountWords } from '../../../../features/account/words.ts';
import { cabinetPage, cabinetTitle } from '../../../../features/cabinet/cabinet-page.tsx';
import { signInWords } from '../../../../features/sign-in/words.ts';

export const generateMetadata = () => cabinetTitle((words) => words.ways);

export default function Page() {
  return cabinetPage(({ visit: { language } }) =>
    Promise.resolve(
      <div className="space-y-8">
        <h1 className="text-28">{accountWords[language].telegram}</h1>
        <TelegramWay words={accountWords[language]} step={signInWords[language]} />
      </div>,
    ),
  );
}
