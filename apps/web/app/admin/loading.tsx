import { Skeleton } from '../../shared/ui/skeleton.tsx';

const ROWS = 8;

/** Shown while a page of staff is on its way, and only when that takes longer than a moment. */
export default function AdminLoading() {
  return (
    <div className="p-6">
      <Skeleton label="Загружаем. Loading." rows={ROWS} />
    </div>
  );
}
