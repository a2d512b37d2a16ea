// flagged: left-only-compose
import './roles/api.ts';
