// clean
import { sign } from './sign.ts';

export const yookassa = sign;
