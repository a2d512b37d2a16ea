/** Where Telegram sends the updates of a bot: through the gateway at `baseUrl` to any bot process. */
export function webhookUrl(baseUrl: string, botId: bigint): string {
  return `${baseUrl.replace(/\/+$/, '')}/webhooks/telegram/${botId.toString()}`;
}
