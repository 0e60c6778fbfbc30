import {readdir} from 'node:fs/promises'
import {setTimeout as delay} from 'node:timers/promises'

/** The kernel has a minute, and five more for what it has not yet written (RECENTCY in fs/ext4/ialloc.c); this was enough. */
const restMs = 3 * 60_000

/**
 * Waits until files that were removed no longer slow down those that are made. ext4 without a journal gives out no inode that
 * was freed a short while ago, and passes over all of them for each new file: after 80,000 had been removed, 10,000 new ones
 * took 7 s, and 0.2 s three minutes later. With it, who is measured second, on what the first left behind, loses.
 */
export async function restedDisk(say: (line: string) => void): Promise<void> {
  const [disks, journals] = await Promise.all(['/proc/fs/ext4', '/proc/fs/jbd2'].map((each) => namesIn(each)))
  const bare = disks?.filter((disk) => !journals?.some((journal) => journal.startsWith(`${disk}-`))) ?? []
  if (bare.length === 0) return
  say(`waits ${String(restMs / 60_000)} minutes: ${bare.join(', ')} has no journal, and forgets removed files slowly`)
  await delay(restMs)
}

async function namesIn(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch(() => [])
}
