/** Whether a program with this exit code, 128 and the signal, was ended at once: by the kernel, where nobody else did it. */
export function wasKilled(exitCode: number | undefined): boolean {
  return exitCode === 137
}

/** What to do about such a program; `undefined` for another. */
export function memoryAdvice(exitCode: number | undefined): string | undefined {
  return wasKilled(exitCode)
    ? 'When memory runs out, Linux ends programs so (137): stop what needs memory, then run the same command again.'
    : undefined
}
