import {dockerCampaign, processCampaign} from './vm-campaign.js'
import {kindCampaign} from './kind-campaign.js'
import {sshCampaign} from './ssh-campaign.js'
import type {CampaignEngine} from './campaign-engine.js'

/** Every place on which campaigns are run. */
export const engines: readonly CampaignEngine[] = [processCampaign, dockerCampaign, sshCampaign, kindCampaign]
