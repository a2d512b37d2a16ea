/** Holds the place of what loads: as high as it will be, seen only when loading takes longer. */
export function Skeleton({ label, rows }: { label: string; rows: number }) {
  return (
    <div role="status" className="animate-late space-y-3">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} aria-hidden className="h-11 rounded-control bg-sunken" />
      ))}
    </div>
  );
}
