// flagged: not-unresolvable
import './missing.ts';
