// flagged: vendor-by-its-index
import './remnawave/client.ts';
