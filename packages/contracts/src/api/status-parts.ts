/** The platform as customers know it. */
export const STATUS_PARTS = ['buying', 'bot', 'access', 'signIn', 'cabinet'] as const;
export type StatusPart = (typeof STATUS_PARTS)[number];
