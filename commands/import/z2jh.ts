import {Args, Flags} from '@oclif/core'
import {fileToWriteFlag} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {askImportedSecret} from '../../src/cli/input/ask/ask-imported-secret.js'
import {askCluster} from '../../src/cli/input/ask/ask-cluster.js'
import {readValuesFiles} from '../../src/cli/input/read-input.js'
import {renderImport} from '../../src/cli/render/render-import.js'
import {importZ2jh, type ImportResult} from '../../src/hub/import/import-z2jh.js'
import {clusterChoices} from '../../src/hub-spec/place/cluster-name.js'

export default class ImportZ2jh extends HubCommand {
  static override summary = 'Make a settings file from the values of a Zero to JupyterHub chart.'
  static override description =
    'With several files, later ones win, as with helm. Values nested under a chart name are found. No secret is written into the settings file.'
  static override examples = [
    '<%= config.bin %> import z2jh values.yaml --name physics',
    '<%= config.bin %> import z2jh common.yaml prod.yaml --cluster context:prod',
    {
      description: 'From a running hub',
      command: 'helm get values jhub --namespace jhub | <%= config.bin %> import z2jh - --cluster context:prod',
    },
  ]
  static override strict = false
  static override args = {
    values: Args.string({ignoreStdin: true, description: 'The values files, or - for standard input.', required: true}),
  }
  static override flags = {
    file: fileToWriteFlag,
    cluster: Flags.string({
      summary: `Where the hub will run: ${clusterChoices}.`,
      helpValue: 'CLUSTER',
    }),
  }

  async run(): Promise<ImportResult> {
    const {flags, argv} = await this.parse(ImportZ2jh)
    const context = this.context(flags)
    const values = await readValuesFiles(context, argv.map(String))
    const result = await importZ2jh(context, {
      values,
      cluster: flags.cluster,
      askCluster: () => askCluster(this.asker(flags), this.signal),
    })
    const secret = await askImportedSecret(context, this.asker(flags), result)
    await this.show(renderImport({...result, secret}))
    return {...result, secret}
  }
}
