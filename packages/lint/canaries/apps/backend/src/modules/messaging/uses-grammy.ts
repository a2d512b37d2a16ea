// flagged: framework-at-edge-grammy
import 'grammy';
