import {constants} from 'node:fs'
import {open, readlink, type FileHandle} from 'node:fs/promises'
import {JhubError} from '../../errors.js'

const {O_RDONLY, O_NOFOLLOW, O_NONBLOCK} = constants

/**
 * Opens the file at this very path, to read it, where others may write to its directory and put a link or a pipe in its place
 * at any moment. Throws `JHUB-E202` for what is not a file, and for a link: on Linux in any part of the path, elsewhere in the
 * last one.
 */
export async function openPlain(file: string): Promise<FileHandle> {
  const handle = await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ELOOP') throw changed(file)
    throw error
  })
  try {
    if (!(await handle.stat()).isFile() || (await placeOf(handle, file)) !== file) throw changed(file)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Where an open file is, by the word of the kernel. */
async function placeOf(handle: FileHandle, file: string): Promise<string> {
  return process.platform === 'linux' ? readlink(`/proc/self/fd/${String(handle.fd)}`) : file
}

function changed(file: string): JhubError {
  return new JhubError(
    'JHUB-E202',
    `${file} changed while jhub was reading it: its path now has a link, or it is not a file`,
    {
      fix: `ls -ld ${file}   # who can write to its directory?`,
    },
  )
}
