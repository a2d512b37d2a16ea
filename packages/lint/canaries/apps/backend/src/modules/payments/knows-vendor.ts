// flagged: vendor-in-folder
import './providers/yookassa/index.ts';
