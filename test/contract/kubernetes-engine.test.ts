import {engineContract} from './engine-contract.js'
import {kubernetesWorld} from './kubernetes-world.js'

engineContract('the kubernetes engine', kubernetesWorld)
