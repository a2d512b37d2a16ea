import { API } from '@opora/contracts';
import { load } from '../../features/admin/load.ts';
import { adminPage } from '../../features/admin/page.tsx';
import { titleOf } from '../../features/admin/title.ts';
import { TodayView } from '../../features/admin/today-view.tsx';

export const generateMetadata = () => titleOf('today');

export default async function TodayPage() {
  return adminPage({
    section: 'today',
    data: () => load(API.today.read),
    show: ({ visit, session, data }) => (
      <TodayView today={data} session={session} language={visit.language} />
    ),
  });
}
