/** The one inbound of a panel just installed; squads and nodes refer to it. */
export const DEFAULT_INBOUND = {
  uuid: '9cb1b831-fbbf-48a1-b651-69983abf980e',
  profileUuid: '00000000-0000-0000-0000-000000000000',
  tag: 'Shadowsocks',
  type: 'shadowsocks',
  network: null,
  security: null,
  port: 1234,
  rawInbound: {
    tag: 'Shadowsocks',
    port: 1234,
    protocol: 'shadowsocks',
    settings: { method: 'chacha20-ietf-poly1305', clients: [], network: 'tcp,udp' },
    sniffing: { enabled: true, destOverride: ['http', 'tls', 'quic'] },
  },
} as const;
