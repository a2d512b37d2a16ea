import { Ways } from '../../../features/account/ways.tsx';
import { cabinetPage, cabinetTitle } from '../../../features/cabinet/cabinet-page.tsx';

export const generateMetadata = () => cabinetTitle((words) => words.ways);

export default function Page() {
  return cabinetPage(Ways);
}
