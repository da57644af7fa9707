/** What a client shows of itself in a TLS handshake: its certificate (with the chain, if any) and its key, as PEM. */
export interface Identity {
  cert: string;
  key: string;
}
