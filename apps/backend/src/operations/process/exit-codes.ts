/** The process had to end because something it needs is away (sysexits EX_TEMPFAIL). */
export const EXIT_DEPENDENCY_AWAY = 75;
