/** Where the vendor sends notices from, as published. */
export const PUBLISHED_NETWORKS = [
  '168.119.157.136/32',
  '168.119.60.227/32',
  '178.154.197.79/32',
  '51.250.54.238/32',
] as const;
