const deadlineMs = 540_000
const pauseMs = 200

/**
 * Waits until `isSo` says true; an error of it counts as no. Throws with `what` after nine minutes, a time that the busiest
 * machine does not need.
 */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + deadlineMs
  let trouble: unknown
  const asks = async () => {
    try {
      return await isSo()
    } catch (error) {
      trouble = error
      return false
    }
  }
  while (!(await asks())) {
    if (performance.now() > deadline) throw new Error(`not in nine minutes: ${what}`, {cause: trouble})
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}
