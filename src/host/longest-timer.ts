/** The longest that a timer of Node can run: one that is longer ends at once. */
export const longestTimerMs = 2 ** 31 - 1
