import { API, type KeysWire, type WaysWire } from '@opora/contracts';
import { Keys } from '../../../features/account/keys.tsx';
import { load, type Loaded } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { titleOf } from '../../../features/admin/title.ts';
import { accessWords } from '../../../features/admin/words/access.ts';

export const generateMetadata = () => titleOf('keys');

/** The API keys of whoever of the staff is signed in. */
export default async function KeysPage() {
  return adminPage({
    section: 'keys',
    data: dataOf,
    show: ({ visit, data: { keys, ways } }) => (
      <div className="max-w-[48rem]">
        <Keys {...{ keys, ways, visit }} texts={accessWords[visit.language].texts} isPage />
      </div>
    ),
  });
}

async function dataOf(): Promise<Loaded<{ keys: KeysWire; ways: WaysWire }>> {
  const [keys, ways] = await Promise.all([load(API.account.keys), load(API.account.read)]);
  if (keys.state !== 'ready') return keys;
  if (ways.state !== 'ready') return ways;
  return { state: 'ready', data: { keys: keys.data, ways: ways.data } };
}
