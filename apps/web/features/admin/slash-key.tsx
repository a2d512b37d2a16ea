'use client';

import { useEffect } from 'react';

/** The key `/` leads to the search, unless somebody is typing. One key, one listener. */
export function SlashKey({ field }: { field: string }) {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest('input, textarea, select'))
        return;
      event.preventDefault();
      document.getElementById(field)?.focus();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [field]);
  return null;
}
