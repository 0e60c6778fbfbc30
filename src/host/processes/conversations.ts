/** A program that is told lines and answers in lines for as long as somebody has something to say. */
export interface Conversation {
  send(line: string): void
  /** Ends it: the program sees the end of its input. */
  close(): void
  /** While nothing is awaited the conversation does not keep this process alive. */
  holdOpen(isAwaited: boolean): void
}

export interface ConversationListener {
  readonly onLine: (line: string) => void
  /** Told once, with the last lines that the program wrote as its complaints. */
  readonly onEnd: (complaints: string) => void
}
