import {JhubError, messageOf} from '../../../../errors.js'

/** Docker's words for a container whose processes do not take the signal that should end them. */
export function isFrozen(error: unknown): boolean {
  const said = error instanceof JhubError ? `${error.message}\n${messageOf(error.cause)}` : messageOf(error)
  return said.includes('did not receive an exit event')
}

/**
 * Lets nodes die that were killed while runc held a container of theirs frozen, as it does for a moment at each start: with
 * control groups of version 1 a frozen process takes no signal, so neither Docker nor kind can remove the node. A short
 * container of the node's own image, which is here, thaws what is left of it.
 */
export async function thawNodes(
  docker: (words: readonly string[], signal?: AbortSignal) => Promise<{readonly stdout: string}>,
  nodes: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const thaw = 'find /freezer -path "*$1*" -name freezer.state | while read -r file; do echo THAWED > "$file"; done'
  for (const node of nodes) {
    const {stdout} = await docker(['inspect', '--format', '{{.Id}} {{.Config.Image}}', node], signal)
    const [id = '', image = ''] = stdout.trim().split(' ')
    const mount = ['--volume', '/sys/fs/cgroup/freezer:/freezer']
    await docker(
      ['run', '--rm', '--privileged', '--network', 'none', ...mount, '--entrypoint', 'sh', image, '-c', thaw, 'sh', id],
      signal,
    )
  }
}
