import type {LocalFiles} from '../../host/files/files.js'
import type {FilesSpec} from '../../hub-spec/files-spec.js'
import type {Finding} from '../../findings/finding.js'

/** Whether the directory of the materials is on this computer. While it is not, people keep the materials that they have. */
export async function materialsFindings(
  local: LocalFiles,
  {materials}: FilesSpec,
  areThere: () => Promise<boolean>,
): Promise<readonly Finding[]> {
  if (materials === undefined) return []
  const facts = await local.stat(await local.realPath(materials))
  const check = 'materials'
  if (facts?.kind === 'directory') return [{check, state: 'ok', found: materials}]
  const found = facts === undefined ? `there is no ${materials}` : `${materials} is not a directory`
  const needed = 'the directory that the settings file names'
  return [{check, state: (await areThere()) ? 'warning' : 'problem', found, needed, fix: `mkdir ${materials}`}]
}
