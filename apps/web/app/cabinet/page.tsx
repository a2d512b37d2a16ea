import { CabinetHome } from '../../features/cabinet/home.tsx';
import { cabinetPage, cabinetTitle } from '../../features/cabinet/cabinet-page.tsx';

export const generateMetadata = () => cabinetTitle((words) => words.title);

export default function Page() {
  return cabinetPage(CabinetHome);
}
