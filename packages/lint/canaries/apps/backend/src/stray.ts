// flagged: one-home
import './platform/clock/index.ts';
