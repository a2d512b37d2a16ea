// clean
import { Bot } from 'grammy';

export const bot = Bot;
