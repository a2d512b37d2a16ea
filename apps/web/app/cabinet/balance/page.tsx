import { Balance } from '../../../features/cabinet/balance.tsx';
import { cabinetPage, cabinetTitle } from '../../../features/cabinet/cabinet-page.tsx';

export const generateMetadata = () => cabinetTitle((words) => words.balanceTitle);

export default function Page() {
  return cabinetPage(Balance);
}
