// clean
import { yookassa } from './yookassa/index.ts';

export const registry = [yookassa];
