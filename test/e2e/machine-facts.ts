import {connect} from 'node:net'
import {readFile, readdir} from 'node:fs/promises'

/** Whether anybody answers on a port of the loopback address. */
export function listensOn(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => {
      resolve(false)
    })
  })
}

/** Processes, but not this one, whose command line or environment has `text` in it. */
export async function processesNaming(text: string): Promise<readonly {pid: number; command: string}[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [command, environment] = await Promise.all(
        ['cmdline', 'environ'].map((name) => readFile(`/proc/${String(pid)}/${name}`, 'utf8').catch(() => '')),
      )
      const isIt = pid !== process.pid && `${command ?? ''}\0${environment ?? ''}`.includes(text)
      return isIt ? [{pid, command: (command ?? '').replaceAll('\0', ' ')}] : []
    }),
  )
  return found.flat()
}
