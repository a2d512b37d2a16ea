import { cabinetPage, cabinetTitle } from '../../../features/cabinet/cabinet-page.tsx';
import { Renewals } from '../../../features/cabinet/renewals.tsx';

export const generateMetadata = () => cabinetTitle((words) => words.renewals);

export default function Page() {
  return cabinetPage(Renewals);
}
