import { cabinetPage, cabinetTitle } from '../../../features/cabinet/cabinet-page.tsx';
import { OwnSessions } from '../../../features/cabinet/own-sessions.tsx';

export const generateMetadata = () => cabinetTitle((words) => words.sessions);

export default function Page() {
  return cabinetPage(OwnSessions);
}
